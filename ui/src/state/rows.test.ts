import { describe, expect, it } from "vitest";
import type { Report } from "../generated/Report";
import type { Session } from "../generated/Session";
import { fakeReport, fakeSession } from "../host/fake";
import { emptyFloor } from "../host/floor";
import { epochOf, noRows, type Rows, type StreamEvent } from "./rows";
import { activeSessions, reports as allReports } from "./topics";

const { merge } = activeSessions;
const floor = emptyFloor();
const [worker] = floor.workers;
const [status] = floor.statuses;
const station = floor.stations[0];
if (!worker || !status || !station) throw new Error("The floor of tests is empty.");

function session(id: string, version = 1): Session {
  if (!worker || !status || !station) throw new Error("unreachable");
  return { ...fakeSession(worker, station, status, "2026-11-24T06:00:00.000Z"), id, version };
}

function initial(offset: number, sessions: Session[], epoch = "a"): StreamEvent {
  return { name: "initial", data: { offset, position: `${epoch}.${offset}`, sessions }, receivedAt: 0 };
}
const put = (name: "insert" | "update", offset: number, of: Session): StreamEvent => ({
  name,
  data: { offset, session: of },
  receivedAt: 1_000 + offset,
});
const gone = (offset: number, sessionId: string): StreamEvent => ({
  name: "delete",
  data: { offset, sessionId, reason: "completed" },
  receivedAt: 1_000 + offset,
});
const ids = (board: Rows<Session>) => [...board.rows.keys()].sort();

describe("merging rows", () => {
  it("begins with a snapshot and follows inserts, updates and removals", () => {
    const board = merge(noRows<Session>(), [
      initial(10, [session("s1"), session("s2")]),
      put("insert", 11, session("s3")),
      put("update", 12, session("s1", 2)),
      gone(13, "s2"),
    ]);
    expect(ids(board)).toEqual(["s1", "s3"]);
    expect(board.rows.get("s1")?.version).toBe(2);
    expect(board.offset).toBe(13);
  });

  it("never lets an older or repeated message undo a newer one", () => {
    const now = merge(noRows<Session>(), [
      initial(10, [session("s1")]),
      put("update", 15, session("s1", 5)),
      gone(16, "s2"),
    ]);
    const later = merge(now, [put("update", 12, session("s1", 2)), put("update", 15, session("s1", 9))]);
    expect(later).toBe(now);
    expect(merge(now, [put("insert", 14, session("s2"))]).rows.has("s2")).toBe(false);
  });

  it("does not bring back a session that ended, when its update comes late", () => {
    const board = merge(noRows<Session>(), [
      initial(1, [session("s1")]),
      gone(5, "s1"),
      put("update", 4, session("s1", 3)),
    ]);
    expect(ids(board)).toEqual([]);
  });

  it("ignores events before the first snapshot", () => {
    expect(merge(noRows<Session>(), [put("insert", 3, session("s1"))])).toBe(noRows<Session>());
  });

  it("keeps what is newer than a late snapshot of the same history, and takes one of another history whole", () => {
    const board = merge(noRows<Session>(), [initial(10, [session("s1")]), put("insert", 20, session("s2"))]);
    expect(merge(board, [initial(15, [session("s1")])])).toBe(board);
    const restored = merge(board, [initial(3, [session("s9")], "b")]);
    expect(ids(restored)).toEqual(["s9"]);
    expect(restored.offset).toBe(3);
  });

  it("begins anew where the server does not find its place, though the history has the same name", () => {
    const board = merge(noRows<Session>(), [initial(10, [session("s1")]), put("insert", 20, session("s2"))]);
    const { data, ...told } = initial(12, [session("s1")]);
    const restored = { ...told, data: { ...(data as object), reason: "epoch" } };
    expect(ids(merge(board, [restored]))).toEqual(["s1"]);
    expect(ids(merge(board, [restored, put("insert", 13, session("s3"))]))).toEqual(["s1", "s3"]);
  });

  it("drops what a snapshot leaves out", () => {
    const board = merge(noRows<Session>(), [
      initial(10, [session("s1"), session("s2")]),
      initial(30, [session("s2", 4)]),
    ]);
    expect(ids(board)).toEqual(["s2"]);
    expect(board.rows.get("s2")?.version).toBe(4);
  });

  it("does not bring back what a snapshot left out, when a change from before it comes late", () => {
    const board = merge(noRows<Session>(), [initial(30, [session("s1")]), put("update", 20, session("s2"))]);
    expect(ids(board)).toEqual(["s1"]);
  });

  it("remembers when something changed, but a snapshot is no change", () => {
    const board = merge(noRows<Session>(), [
      initial(10, [session("s1"), session("s2")]),
      put("update", 11, session("s1", 2)),
    ]);
    expect(board.changedAt.get("s1")).toBe(1_011);
    expect(board.changedAt.has("s2")).toBe(false);
  });

  it("leaves the board it was given untouched", () => {
    const before = merge(noRows<Session>(), [initial(10, [session("s1")])]);
    merge(before, [gone(11, "s1")]);
    expect(ids(before)).toEqual(["s1"]);
  });

  it("ends with the same board, however the same events are cut into batches", () => {
    const events = [
      initial(10, [session("s1")]),
      put("insert", 11, session("s2")),
      gone(12, "s1"),
      put("update", 13, session("s2", 3)),
    ];
    const whole = merge(noRows<Session>(), events);
    const single = events.reduce((board, event) => merge(board, [event]), noRows<Session>());
    expect(single).toEqual(whole);
  });
});

describe("epochOf", () => {
  it("is all before the last dot", () => {
    expect(epochOf("a1.b2.300")).toBe("a1.b2");
    expect(epochOf("nonsense")).toBe("nonsense");
  });

  const heartbeat = (offset: number, serverTime = "2026-11-24T06:00:00.000Z", epoch = "a"): StreamEvent => ({
    name: "heartbeat",
    data: { offset, position: `${epoch}.${offset}`, serverTime },
    receivedAt: 0,
  });

  it("forgets removals that a heartbeat has covered, and still takes nothing older", () => {
    const board = merge(noRows<Session>(), [
      initial(10, [session("s1"), session("s2")]),
      gone(12, "s1"),
      gone(15, "s2"),
    ]);
    const after = merge(board, [heartbeat(14)]);
    expect([...after.told.keys()]).toEqual(["s2"]);
    const late = merge(after, [put("update", 11, session("s1")), put("update", 14, session("s1"))]);
    expect(ids(late)).toEqual([]);
    expect(ids(merge(after, [put("insert", 16, session("s1"))]))).toEqual(["s1"]);
  });

  it("is the same after a heartbeat that has nothing to forget, or is of another history", () => {
    const board = merge(noRows<Session>(), [initial(10, [session("s1")])]);
    expect(merge(board, [heartbeat(14)])).toBe(board);
    const emptied = merge(board, [gone(12, "s1")]);
    expect(merge(emptied, [heartbeat(14, undefined, "b")])).toBe(emptied);
    expect(merge(emptied, [heartbeat(11)])).toBe(emptied);
  });

  it("drops reports a month after they were closed, open ones never", () => {
    const { merge: reports } = allReports.all;
    const old = "2026-10-01T06:00:00.000Z";
    const of = (id: string, state: Report["state"], changedAt: string) =>
      fakeReport(session("s1"), { id, state, changedAt });
    const told = [
      of("open", "open", old),
      of("solved", "solved", old),
      of("fresh", "solved", "2026-11-20T06:00:00.000Z"),
    ];
    const all = reports(noRows<Report>(), [
      { name: "initial", data: { offset: 10, position: "a.10", reports: told }, receivedAt: 0 },
    ]);
    const after = reports(all, [heartbeat(14)]);
    expect([...after.rows.keys()]).toEqual(["open", "fresh"]);
    const again = { offset: 15, report: of("solved", "open", "2026-11-24T06:00:00.000Z") };
    expect([...reports(after, [{ name: "update", data: again, receivedAt: 0 }]).rows.keys()]).toContain("solved");
  });
});
