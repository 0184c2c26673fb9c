/** Filters, orders and groups what the board shows: the sessions, and the stations at which nobody works. Pure. */
import type { Session } from "../generated/Session";
import type { StationLive } from "../generated/StationLive";
import { isHeard, lookOf, urgency } from "../state/look";
import type { BoardSearch, Shown } from "./search";

/** A place on the board: a session, or a station without one. */
export type Place = Session | StationLive;

export function isFree(place: Place): place is StationLive {
  return "occupancy" in place;
}

/** A session stands in its station's place, so that neither its start nor its end moves the others. */
export function stationOf(place: Place): string {
  return isFree(place) ? place.id : place.stationId;
}

function codeOf(place: Place): string {
  return isFree(place) ? place.code : place.stationCode;
}

function areaOf(place: Place): string {
  return (isFree(place) ? place.area : place.areaName) ?? "";
}

/** Under which sign the board shows a place: want of contact hides what its machine does. */
export function shownAs(place: Place): Shown {
  if (isFree(place)) return "none";
  return isHeard(place.contact) ? lookOf(place.currentStatus) : "noContact";
}

/** How many stand under each sign. */
export function countShown(places: Iterable<Place>): Record<Shown, number> {
  const counts = { production: 0, setup: 0, stoppage: 0, malfunction: 0, none: 0, noContact: 0 };
  for (const place of places) counts[shownAs(place)] += 1;
  return counts;
}

function textOf(place: Place): string {
  const words = isFree(place)
    ? [place.code, place.name, place.area]
    : [
        place.stationCode,
        place.stationName,
        place.workerName,
        place.workerCode,
        place.jobNumber,
        place.jobItemName,
        place.areaName,
      ];
  return words.join(" ").toLocaleLowerCase();
}

function matches(place: Place, { q, state, free }: BoardSearch): boolean {
  if (free === "hide" && isFree(place)) return false;
  if (state && !state.includes(shownAs(place))) return false;
  if (!q) return true;
  const text = textOf(place);
  return q
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

const keys = new Map<string, string>();

/**
 * A code as plain text sorts it, so that `L-2` comes before `L-10`. Kept, because ten thousand places are
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

function byCode(a: string, b: string): number {
  const [x, y] = [naturalKey(a), naturalKey(b)];
  if (x === y) return 0;
  return x < y ? -1 : 1;
}

/** Free stations need nobody: whatever is asked for but the station's order, they come last. */
const FREE = 6;

function compare(sort: BoardSearch["sort"]): (a: Place, b: Place) => number {
  const station = (a: Place, b: Place) => byCode(codeOf(a), codeOf(b));
  if (sort === "station") return station;
  if (sort === "since") {
    // Times are all written alike, so text compares them; what has none comes after every one that has.
    const since = (place: Place) => (isFree(place) ? "~" : place.lastStatusChangeAt);
    return (a, b) => Number(since(a) > since(b)) - Number(since(a) < since(b)) || station(a, b);
  }
  const rank = (place: Place) => (isFree(place) ? FREE : urgency(place));
  return (a, b) => rank(a) - rank(b) || station(a, b);
}

/** What is shown, in order. */
export function arrange(places: Iterable<Place>, search: BoardSearch): Place[] {
  return [...places].filter((place) => matches(place, search)).sort(compare(search.sort));
}

/** Keeps the order that is on screen (stations): what is gone goes, what is new comes last, nothing else moves. */
export function keepOrder(shown: readonly string[], wanted: readonly Place[]): Place[] {
  const byStation = new Map(wanted.map((place) => [stationOf(place), place]));
  const kept = shown.flatMap((station) => byStation.get(station) ?? []);
  const known = new Set(shown);
  return [...kept, ...wanted.filter((place) => !known.has(stationOf(place)))];
}

export interface Group {
  /** An area's name, a sign, or empty. */
  readonly key: string;
  readonly places: Place[];
}

/** Groups in a fixed order: areas by name with the nameless last, states by urgency. */
export function group(places: readonly Place[], by: BoardSearch["group"]): Group[] {
  if (by !== "area" && by !== "state") return places.length === 0 ? [] : [{ key: "", places: [...places] }];
  const groups = new Map<string, Place[]>();
  for (const place of places) {
    const key = by === "area" ? areaOf(place) : shownAs(place);
    const members = groups.get(key);
    if (members) members.push(place);
    else groups.set(key, [place]);
  }
  const states: readonly string[] = ["malfunction", "noContact", "stoppage", "setup", "production", "none"];
  const order = (a: string, b: string) =>
    by === "state" ? states.indexOf(a) - states.indexOf(b) : Number(a === "") - Number(b === "") || byCode(a, b);
  return [...groups].sort(([a], [b]) => order(a, b)).map(([key, members]) => ({ key, places: members }));
}

/** A line of the virtual list. */
export type Line =
  | { kind: "heading"; key: string; count: number }
  /** One place in the table, several side by side as tiles. */
  | { kind: "places"; places: Place[] };

/** The lines of the list: `columns` places beside each other. */
export function lines(groups: readonly Group[], columns: number, withHeadings: boolean): Line[] {
  return groups.flatMap(({ key, places }): Line[] => {
    const body: Line[] = [];
    for (let at = 0; at < places.length; at += columns) {
      body.push({ kind: "places", places: places.slice(at, at + columns) });
    }
    return withHeadings ? [{ kind: "heading", key, count: places.length }, ...body] : body;
  });
}
