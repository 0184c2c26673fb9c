import { describe, expect, it } from "vitest";
import type { Session } from "../generated/Session";
import { fakeSession, liveStation } from "../host/fake";
import { emptyFloor } from "../host/floor";
import { freeStations } from "./free";
import { noRows, type Rows, type StreamEvent } from "./rows";
import { activeSessions } from "./topics";

const floor = emptyFloor();
const [worker] = floor.workers;
const [first, second, third] = floor.stations;
const [status] = floor.statuses;
if (!worker || !first || !second || !third || !status) throw new Error("The floor of tests is empty.");
const stations = [first, second, third].map((station) => liveStation(station));
const session = fakeSession(worker, second, status, "2026-11-24T06:00:00.000Z");

function told(board: Rows<Session>, ...events: Array<[name: string, data: unknown]>): Rows<Session> {
  return activeSessions.merge(
    board,
    events.map(([name, data]): StreamEvent => ({ name, data, receivedAt: 0 })),
  );
}
function snapshot(...sessions: Session[]): Rows<Session> {
  return told(noRows<Session>(), ["initial", { offset: 1, position: "e.1", reason: null, sessions }]);
}
const free = (board: Rows<Session>) => freeStations(stations, board.rows.values()).map(({ code }) => code);

describe("the free stations", () => {
  it("are those without a session", () => {
    expect(free(snapshot())).toEqual(["L-01", "L-02", "L-03"]);
    expect(free(snapshot(session))).toEqual(["L-01", "L-03"]);
  });

  it("are left with the session's insert and come back with its end", () => {
    const begun = told(snapshot(), ["insert", { offset: 2, session }]);
    expect(free(begun)).toEqual(["L-01", "L-03"]);
    expect(free(told(begun, ["delete", { offset: 3, sessionId: session.id }]))).toEqual(["L-01", "L-02", "L-03"]);
  });

  it("stay taken through a handover, whichever of its two events comes first", () => {
    const next = { ...session, id: "session-next", workerName: "Daniel Katz" };
    const before = told(snapshot(session), ["insert", { offset: 2, session: next }]);
    expect(free(before)).toEqual(["L-01", "L-03"]);
    expect(free(told(before, ["delete", { offset: 3, sessionId: session.id }]))).toEqual(["L-01", "L-03"]);
  });

  it("follow the stream, not what the list said of occupancy when it was asked for", () => {
    const since = "2026-11-24T05:00:00.000Z";
    const occupancy = { workerName: "Gone", since, contact: "online" as const };
    const listed = [liveStation({ ...first, occupancy })];
    expect(freeStations(listed, [])).toEqual(listed);
  });

  it("know nothing of a session at a station that is not listed", () => {
    expect(freeStations(stations.slice(0, 1), [session])).toEqual(stations.slice(0, 1));
  });
});
