/** The board's filter as it stands in the address, so that a view can be kept and sent. */
import { LOOKS, type Look } from "../state/look";

export const GROUPS = ["none", "area", "state"] as const;
export const SORTS = ["urgency", "station", "since"] as const;
export const VIEWS = ["tiles", "table"] as const;
/** What can be filtered by: the states, want of contact, and stations without a session. */
export type Shown = Look | "noContact";
export const SHOWN: readonly Shown[] = [...LOOKS, "noContact", "none"];

export interface BoardSearch {
  q?: string;
  group?: (typeof GROUPS)[number];
  sort?: (typeof SORTS)[number];
  view?: (typeof VIEWS)[number];
  state?: Shown[];
  /** Without the stations at which nobody works. */
  free?: "hide" | undefined;
}

function oneOf<T extends string>(values: readonly T[], value: unknown): T | undefined {
  return values.find((known) => known === value);
}

/** Reads what is in the address; what can't be read is left out, an address is never an error. */
export function readSearch(raw: Record<string, unknown>): BoardSearch {
  const search: BoardSearch = {};
  if (typeof raw.q === "string" && raw.q !== "") search.q = raw.q;
  const group = oneOf(GROUPS, raw.group);
  if (group) search.group = group;
  const sort = oneOf(SORTS, raw.sort);
  if (sort) search.sort = sort;
  const view = oneOf(VIEWS, raw.view);
  if (view) search.view = view;
  const wanted: readonly unknown[] = Array.isArray(raw.state) ? raw.state : [];
  const state = SHOWN.filter((shown) => wanted.includes(shown));
  if (state.length > 0) search.state = state;
  if (raw.free === "hide") search.free = "hide";
  return search;
}
