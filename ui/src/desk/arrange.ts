/** Filters, orders and groups the sessions of the board. Pure. */
import type { Session } from "../generated/Session";
import { isHeard, lookOf, urgency } from "../state/look";
import type { BoardSearch, Shown } from "./search";

/** Under which sign the board shows a session: want of contact hides what its machine does. */
export function shownAs(session: Session): Shown | "none" {
  return isHeard(session.contact) ? lookOf(session.currentStatus) : "noContact";
}

/** How many sessions stand under each sign. */
export function countShown(sessions: Iterable<Session>): Record<Shown | "none", number> {
  const counts = { production: 0, setup: 0, stoppage: 0, malfunction: 0, none: 0, noContact: 0 };
  for (const session of sessions) counts[shownAs(session)] += 1;
  return counts;
}

function matches(session: Session, { q, state }: BoardSearch): boolean {
  const shown = shownAs(session);
  if (state && (shown === "none" || !state.includes(shown))) return false;
  if (!q) return true;
  const text = [
    session.stationCode,
    session.stationName,
    session.workerName,
    session.workerCode,
    session.jobNumber,
    session.jobItemName,
    session.areaName,
  ]
    .join(" ")
    .toLocaleLowerCase();
  return q
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const keys = new Map<string, string>();

/**
 * A code as plain text sorts it, so that `L-2` comes before `L-10`. Kept, because ten thousand sessions are
 * ordered anew at each change, and a collator takes longer for that than a frame lasts.
 */
function naturalKey(code: string): string {
  let key = keys.get(code);
  if (key === undefined) {
    key = code.toUpperCase().replace(/\d+/g, (digits) => digits.padStart(10, "0"));
    keys.set(code, key);
  }
  return key;
}

function byStation(a: string, b: string): number {
  const [x, y] = [naturalKey(a), naturalKey(b)];
  if (x === y) return 0;
  return x < y ? -1 : 1;
}

function compare(sort: BoardSearch["sort"]): (a: Session, b: Session) => number {
  const station = (a: Session, b: Session) => byStation(a.stationCode, b.stationCode);
  const longest = (a: Session, b: Session) =>
    Number(a.lastStatusChangeAt > b.lastStatusChangeAt) - Number(a.lastStatusChangeAt < b.lastStatusChangeAt);
  if (sort === "station") return station;
  if (sort === "since") return (a, b) => longest(a, b) || station(a, b);
  return (a, b) => urgency(a) - urgency(b) || station(a, b);
}

/** What is shown, in order. */
export function arrange(sessions: Iterable<Session>, search: BoardSearch): Session[] {
  return [...sessions].filter((session) => matches(session, search)).sort(compare(search.sort));
}

/** Keeps the order that is on screen: what is gone goes, what is new comes last, nothing else moves. */
export function keepOrder(shown: readonly string[], wanted: readonly Session[]): Session[] {
  const byId = new Map(wanted.map((session) => [session.id, session]));
  const kept = shown.flatMap((id) => byId.get(id) ?? []);
  const known = new Set(shown);
  return [...kept, ...wanted.filter(({ id }) => !known.has(id))];
}

export interface Group {
  /** An area's name, a sign, or empty. */
  readonly key: string;
  readonly sessions: Session[];
}

/** Groups in a fixed order: areas by name with the nameless last, states by urgency. */
export function group(sessions: readonly Session[], by: BoardSearch["group"]): Group[] {
  if (by !== "area" && by !== "state") return sessions.length === 0 ? [] : [{ key: "", sessions: [...sessions] }];
  const groups = new Map<string, Session[]>();
  for (const session of sessions) {
    const key = by === "area" ? (session.areaName ?? "") : shownAs(session);
    const members = groups.get(key);
    if (members) members.push(session);
    else groups.set(key, [session]);
  }
  const states: readonly string[] = ["malfunction", "noContact", "stoppage", "setup", "production", "none"];
  const order = (a: string, b: string) =>
    by === "state" ? states.indexOf(a) - states.indexOf(b) : Number(a === "") - Number(b === "") || byStation(a, b);
  return [...groups].sort(([a], [b]) => order(a, b)).map(([key, members]) => ({ key, sessions: members }));
}

/** A line of the virtual list. */
export type Line =
  | { kind: "heading"; key: string; count: number }
  /** One session in the table, several side by side as tiles. */
  | { kind: "sessions"; sessions: Session[] };

/** The lines of the list: `columns` sessions beside each other. */
export function lines(groups: readonly Group[], columns: number, withHeadings: boolean): Line[] {
  return groups.flatMap(({ key, sessions }): Line[] => {
    const body: Line[] = [];
    for (let at = 0; at < sessions.length; at += columns) {
      body.push({ kind: "sessions", sessions: sessions.slice(at, at + columns) });
    }
    return withHeadings ? [{ kind: "heading", key, count: sessions.length }, ...body] : body;
  });
}
