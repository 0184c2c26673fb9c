import { describe, expect, it } from "vitest";
import type { Session } from "../generated/Session";
import { fakeSession, liveStation } from "../host/fake";
import { emptyFloor } from "../host/floor";
import { arrange, countShown, group, isFree, keepOrder, lines, type Place } from "./arrange";
import { readSearch } from "./search";

const floor = emptyFloor();

function at(code: string, key: string, minute: number, more: Partial<Session> = {}): Session {
  const station = floor.stations.find((known) => known.code === code);
  const status = floor.statuses.find((known) => known.key === key);
  const worker = floor.workers[minute % floor.workers.length];
  if (!station || !status || !worker) throw new Error(`The floor of tests has no ${code} or ${key}.`);
  return {
    ...fakeSession(worker, station, status, `2026-11-24T06:${String(minute).padStart(2, "0")}:00.000Z`),
    ...more,
  };
}

const sessions = [
  at("L-01", "production", 1),
  at("M-02", "malfunction", 2),
  at("L-02", "setup", 3),
  at("A-01", "production", 4, { contact: "lost" }),
  at("P-01", "stop", 5),
];
const free = ["W-01", "L-03", "M-01"].map((code) => {
  const station = floor.stations.find((known) => known.code === code);
  if (!station) throw new Error(`The floor of tests has no ${code}.`);
  return liveStation(station);
});
const codes = (of: readonly Place[]) => of.map((place) => (isFree(place) ? place.code : place.stationCode));

describe("the board", () => {
  it("shows first what needs action", () => {
    expect(codes(arrange(sessions, {}))).toEqual(["M-02", "A-01", "P-01", "L-02", "L-01"]);
  });

  it("orders by station and by the longest time in state", () => {
    expect(codes(arrange(sessions, { sort: "station" }))).toEqual(["A-01", "L-01", "L-02", "M-02", "P-01"]);
    expect(codes(arrange(sessions, { sort: "since" }))[0]).toBe("L-01");
  });

  it("orders codes as people count", () => {
    const three = ["L-10", "L-2", "L-1"].map((stationCode) => at("L-01", "setup", 1, { stationCode }));
    expect(codes(arrange(three, { sort: "station" }))).toEqual(["L-1", "L-2", "L-10"]);
  });

  it("counts a session out of contact as that, and not as what its machine did last", () => {
    expect(countShown(sessions)).toMatchObject({ production: 1, noContact: 1, malfunction: 1, setup: 1, stoppage: 1 });
    expect(codes(arrange(sessions, { state: ["production"] }))).toEqual(["L-01"]);
    expect(codes(arrange(sessions, { state: ["noContact"] }))).toEqual(["A-01"]);
  });

  it("finds by every word of the search", () => {
    expect(codes(arrange(sessions, { q: "lathe l-02" }))).toEqual(["L-02"]);
    expect(codes(arrange(sessions, { q: "LATHE" }))).toHaveLength(2);
    expect(arrange(sessions, { q: "lathe mill" })).toEqual([]);
  });

  it("keeps the order under the pointer: the gone go, the new come last", () => {
    const [first, second, third] = sessions;
    if (!first || !second || !third) throw new Error("unreachable");
    const shown = [first.stationId, second.stationId, "gone"];
    expect(codes(keepOrder(shown, [third, second, first]))).toEqual(["L-01", "M-02", "L-02"]);
  });

  it("groups by area with headings, and cuts each group into lines", () => {
    const groups = group(arrange(sessions, { sort: "station" }), "area");
    expect(groups.map(({ key }) => key)).toEqual(["Assembly", "Milling", "Sheet metal", "Turning"]);
    const drawn = lines(groups, 2, true);
    expect(drawn.filter(({ kind }) => kind === "heading")).toHaveLength(4);
    expect(drawn.at(-1)).toMatchObject({
      kind: "places",
      places: [{ stationCode: "L-01" }, { stationCode: "L-02" }],
    });
    expect(lines(groups, 1, true)).toHaveLength(9);
  });

  it("groups by state with the urgent first", () => {
    expect(group(sessions, "state").map(({ key }) => key)).toEqual([
      "malfunction",
      "noContact",
      "stoppage",
      "setup",
      "production",
    ]);
  });
});

describe("the free stations", () => {
  const places = [...free, ...sessions];

  it("come last, by station, unless the station is what it is ordered by", () => {
    expect(codes(arrange(places, {})).slice(-3)).toEqual(["L-03", "M-01", "W-01"]);
    expect(codes(arrange(places, { sort: "since" })).slice(-3)).toEqual(["L-03", "M-01", "W-01"]);
    expect(codes(arrange(places, { sort: "station" })).slice(0, 5)).toEqual(["A-01", "L-01", "L-02", "L-03", "M-01"]);
  });

  it("stand in their area after its sessions, and in a group of their own by state", () => {
    const areas = group(arrange(places, {}), "area");
    expect(codes(areas.find(({ key }) => key === "Turning")?.places ?? [])).toEqual(["L-02", "L-01", "L-03"]);
    expect(group(places, "state").at(-1)).toMatchObject({ key: "none", places: free });
  });

  it("are counted, found by what is known of a station, and hidden on demand", () => {
    expect(countShown(places)).toMatchObject({ none: 3, production: 1 });
    expect(codes(arrange(places, { q: "washing" }))).toEqual(["W-01"]);
    expect(codes(arrange(places, { state: ["none"] }))).toEqual(["L-03", "M-01", "W-01"]);
    expect(arrange(places, { state: ["production"] })).toHaveLength(1);
    expect(arrange(places, { free: "hide" })).toHaveLength(sessions.length);
  });

  it("give their place to a session and take it back, under the pointer, too", () => {
    const [first, second] = sessions;
    const [station] = free;
    const status = floor.statuses[0];
    const worker = floor.workers[0];
    if (!first || !second || !station || !status || !worker) throw new Error("unreachable");
    const shown = [first.stationId, station.id, second.stationId];
    const begun = fakeSession(worker, station, status, "2026-11-24T06:00:00.000Z");
    expect(keepOrder(shown, [begun, second, first])).toEqual([first, begun, second]);
    expect(keepOrder(shown, [second, first, station])).toEqual([first, station, second]);
  });
});

describe("the address", () => {
  it("is read as far as it can be, and never an error", () => {
    expect(
      readSearch({ q: "x", group: "area", sort: 7, view: "table", state: ["setup", "nonsense"], free: "hide" }),
    ).toEqual({
      q: "x",
      group: "area",
      view: "table",
      state: ["setup"],
      free: "hide",
    });
    expect(readSearch({ q: "", state: "setup", free: "no" })).toEqual({});
  });
});
