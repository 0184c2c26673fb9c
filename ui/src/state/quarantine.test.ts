import { describe, expect, it } from "vitest";
import { fakeQuarantine } from "../host/fakeRows";
import { bySession, edited, fieldsOf, kindOf, undecidedBySession } from "./quarantine";

describe("entries that wait for a decision", () => {
  it("are grouped by session in the order of their numbers, without those decided", () => {
    const groups = bySession([
      fakeQuarantine({ id: "q3", seq: 3, sessionId: "s1", at: "2026-11-24T08:00:00.000Z" }),
      fakeQuarantine({ id: "q1", seq: 1, sessionId: "s2", at: "2026-11-24T09:00:00.000Z" }),
      fakeQuarantine({ id: "q2", seq: 2, sessionId: "s1", at: "2026-11-24T08:00:00.000Z" }),
      fakeQuarantine({ id: "q4", seq: 4, sessionId: "s1", decision: "rejected" }),
    ]);
    expect(groups.map(({ sessionId, entries }) => [sessionId, entries.map(({ id }) => id)])).toEqual([
      ["s1", ["q2", "q3"]],
      ["s2", ["q1"]],
    ]);
  });

  it.each([
    ["/api/status-events", "status"],
    ["/api/status-events/0193/reason", "reason"],
    ["/api/sessions", "open"],
    ["/api/actions/undo", "undo"],
    ["/api/calls/0193/cancel", "cancelCall"],
    ["/api/tomorrow", "unknown"],
  ])("%s was %s", (path, kind) => expect(kindOf(path)).toBe(kind));

  it("can be put right in what they have, and a count in both its numbers", () => {
    const body = { sessionId: "s", quantities: { good: 4 }, action: { seq: 1, occurredAt: "t" } };
    expect(fieldsOf(body).map(({ name }) => name)).toEqual(["at", "good", "scrap"]);
    expect(fieldsOf("nonsense")).toEqual([]);
    expect(fieldsOf(null)).toEqual([]);
  });

  it("keep what was not put right, and lose what was emptied", () => {
    const body = { sessionId: "s", quantities: { good: 4, note: "x" }, action: { seq: 1, occurredAt: "t" } };
    const wanted = edited(body, [
      { at: ["quantities", "good"], value: 5 },
      { at: ["quantities", "note"], value: "" },
    ]);
    expect(wanted).toEqual({ sessionId: "s", quantities: { good: 5 }, action: { seq: 1, occurredAt: "t" } });
    expect(body.quantities.good).toBe(4);
  });

  it("are counted by session from what rings", () => {
    const ring = { since: "", escalatedAt: null, seenAt: null, stationId: null, stationCode: null, stationName: null };
    const about = { ...ring, workerName: null, labels: null, text: null };
    const counts = undecidedBySession([
      { ...about, id: "1", kind: "quarantine", sessionId: "s1" },
      { ...about, id: "2", kind: "quarantine", sessionId: "s1" },
      { ...about, id: "3", kind: "call", sessionId: "s1" },
      { ...about, id: "4", kind: "quarantine", sessionId: null },
    ]);
    expect([...counts]).toEqual([["s1", 2]]);
  });
});
