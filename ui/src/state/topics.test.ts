import { describe, expect, it } from "vitest";
import { fakeReport, fakeSession, fakeStatusEvent } from "../host/fake";
import { emptyFloor } from "../host/floor";
import type { StreamEvent } from "./rows";
import { mergePipeline, noPipeline, notifications, sessionDetail } from "./topics";

const floor = emptyFloor();
const [worker] = floor.workers;
const [station] = floor.stations;
const [status] = floor.statuses;
if (!worker || !station || !status) throw new Error("The floor of tests is empty.");
const session = fakeSession(worker, station, status, "2026-11-24T06:00:00.000Z");
const event = (name: string, data: object): StreamEvent => ({ name, data, receivedAt: 0 });

describe("a session's own topic", () => {
  const topic = sessionDetail(session.id);
  const begun = topic.merge(topic.nothing, [
    event("initial", {
      offset: 5,
      position: "e.5",
      session,
      statusEvents: [fakeStatusEvent(session)],
      reports: [fakeReport(session)],
    }),
  ]);

  it("begins with the session, its stretches and its reports", () => {
    expect([...begun.session.rows.keys()]).toEqual([session.id]);
    expect([begun.statusEvents.rows.size, begun.reports.rows.size]).toEqual([1, 1]);
  });

  it("merges each kind by its own id and offset", () => {
    const closed = fakeStatusEvent(session, { endedAt: "2026-11-24T06:05:00.000Z", version: 2 });
    const next = fakeStatusEvent(session, { id: "event-2" });
    const later = topic.merge(begun, [
      event("status_event", { offset: 6, statusEvent: closed }),
      event("status_event", { offset: 7, statusEvent: next }),
      event("report", { offset: 8, report: fakeReport(session, { state: "known", version: 2 }) }),
      event("session_update", { offset: 9, session: { ...session, version: 2 } }),
      // Late, and older than what is known.
      event("status_event", { offset: 5, statusEvent: fakeStatusEvent(session) }),
      event("report", { offset: 7, report: fakeReport(session) }),
    ]);
    expect([...later.statusEvents.rows.values()].map(({ id, endedAt }) => [id, endedAt])).toEqual([
      [closed.id, closed.endedAt],
      ["event-2", null],
    ]);
    expect(later.reports.rows.get("report-1")?.state).toBe("known");
    expect(later.session.rows.get(session.id)?.version).toBe(2);
  });

  it("is the same where nothing new was said", () => {
    expect(topic.merge(begun, [event("heartbeat", { offset: 9, position: "e.9" })])).toBe(begun);
  });
});

describe("what rings", () => {
  it("goes by its id", () => {
    const call = { id: "call-1", kind: "call" };
    const ringing = notifications.merge(notifications.nothing, [
      event("initial", { offset: 1, position: "e.1", notifications: [] }),
      event("insert", { offset: 2, notification: call }),
    ]);
    expect(ringing.rows.size).toBe(1);
    expect(notifications.merge(ringing, [event("delete", { offset: 3, id: "call-1" })]).rows.size).toBe(0);
  });
});

describe("the pipeline", () => {
  const all = (offset: number, code: string, more = {}) => ({
    offset,
    jobItems: [],
    stationOptions: [{ code }],
    ...more,
  });
  const begun = mergePipeline(noPipeline, [event("initial", all(5, "A", { position: "e.5" }))]);

  it("is what was told last", () => {
    expect(mergePipeline(begun, [event("update", all(6, "B"))]).stationOptions).toEqual([{ code: "B" }]);
  });

  it("keeps its items where an update leaves them out", () => {
    const known = mergePipeline(begun, [event("update", all(6, "B", { jobItems: [{ id: "item-1" }] }))]);
    const { jobItems: _none, ...without } = all(7, "C");
    const later = mergePipeline(known, [event("update", without)]);
    expect(later.jobItems).toEqual([{ id: "item-1" }]);
    expect(later.stationOptions).toEqual([{ code: "C" }]);
  });

  it("is not taken back by an older update or snapshot", () => {
    const later = mergePipeline(begun, [event("update", all(9, "C"))]);
    expect(mergePipeline(later, [event("update", all(8, "B"))])).toBe(later);
    expect(mergePipeline(later, [event("initial", all(7, "B", { position: "e.7" }))])).toBe(later);
    expect(mergePipeline(later, [event("initial", all(2, "D", { position: "f.2" }))]).stationOptions).toEqual([
      { code: "D" },
    ]);
  });
});
