import { act, cleanup, configure, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openApp } from "../app/render";
import type { Job } from "../generated/Job";
import type { JobItem } from "../generated/JobItem";
import type { KioskSeen } from "../generated/KioskSeen";
import type { Notification } from "../generated/Notification";
import type { QuarantineEntry } from "../generated/QuarantineEntry";
import {
  FakeHost,
  fakeMessage,
  fakeQuarantine,
  fakeReport,
  fakeSession,
  fakeStatusEvent,
  liveStation,
} from "../host/fake";
import { emptyFloor } from "../host/floor";
import { type AdminRequest, HostError } from "../host/types";

// A busy machine may take its time; what never comes is waited for in vain all the same.
configure({ asyncUtilTimeout: 5_000 });

// Nothing has a size without a layout; the virtual list then would draw nothing.
beforeEach(() => {
  // The address keeps the place that the test before was at.
  window.history.replaceState(null, "", "/");
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(1200);
});
afterEach(cleanup);

function floorAtWork() {
  const host = new FakeHost(emptyFloor());
  host.user = {
    user: { id: "u1", username: "dana", name: "Dana", role: "supervisor" },
    expiresAt: "2026-11-25T06:00:00.000Z",
  };
  const at = (index: number, key: string) => {
    const worker = host.floor.workers[index];
    const station = host.floor.stations[index];
    const status = host.floor.statuses.find((known) => known.key === key);
    if (!worker || !station || !status) throw new Error("The floor of tests is too small.");
    return fakeSession(worker, station, status, new Date(Date.now() - 60_000).toISOString());
  };
  host.floor.sessions = [at(0, "production"), at(1, "setup")];
  return { host, at };
}

async function openBoard(address = "/desk?view=table") {
  const { host, at } = floorAtWork();
  openApp(address, host);
  await screen.findByTestId("board-row-L-01");
  return { host, at };
}

describe("the desk", () => {
  it("asks who is there, says when it was wrong, and then shows the floor", async () => {
    const { host } = floorAtWork();
    host.user = null;
    openApp("/desk", host);
    const fill = (testId: string, value: string) => fireEvent.change(screen.getByTestId(testId), { target: { value } });
    await screen.findByTestId("desk-username");
    fill("desk-username", "dana");
    fill("desk-password", "wrong");
    const form = screen.getByTestId("desk-submit").closest("form");
    if (form) fireEvent.submit(form);
    await waitFor(() => expect(screen.getByTestId("desk-error").textContent).toBe("User name or password is wrong."));
    fill("desk-password", "millrace");
    if (form) fireEvent.submit(form);
    await screen.findByTestId("board");
  });

  it("follows the floor live: start, change, end", async () => {
    const { host, at } = await openBoard();
    act(() => host.put(at(2, "production")));
    expect((await screen.findByTestId("board-row-L-03")).dataset.status).toBe("production");
    act(() => host.put({ ...at(2, "malfunction"), version: 2 }));
    await waitFor(() => expect(screen.getByTestId("board-row-L-03").dataset.look).toBe("malfunction"));
    expect(screen.getByTestId("count-malfunction").dataset.count).toBe("1");
    act(() => host.remove("session-L-03"));
    await waitFor(() => expect(screen.queryByTestId("board-row-L-03")).toBeNull());
  });

  it("says since when there is no contact, instead of what the machine did last", async () => {
    const { host, at } = await openBoard();
    act(() =>
      host.put({ ...at(0, "production"), contact: "lost", lastContactAt: new Date(2026, 10, 24, 6, 5).toISOString() }),
    );
    await waitFor(() => expect(screen.getByTestId("board-row-L-01").dataset.look).toBe("noContact"));
    expect(screen.getByTestId("board-row-L-01").textContent).toContain("No contact since 06:05");
  });

  it("says that it is stale, and since when, the moment the stream is", async () => {
    const { host } = await openBoard();
    expect(screen.getByTestId("freshness").dataset.state).toBe("live");
    expect(screen.queryByTestId("freshness-band")).toBeNull();
    act(() => host.tellState("stale"));
    expect(screen.getByTestId("freshness").textContent).toMatch(/stale since \d\d:\d\d:\d\d, reconnecting/);
    expect(screen.getByTestId("freshness-band").textContent).toMatch(
      /^No news since \d\d:\d\d:\d\d — what you see may be old/,
    );
    act(() => host.tellState("polling"));
    expect(screen.getByTestId("freshness").dataset.state).toBe("polling");
    expect(screen.getByTestId("freshness-band").textContent).toContain("Checking every 5 s");
    act(() => host.tellState("live"));
    expect(screen.getByTestId("freshness").dataset.state).toBe("live");
    expect(screen.queryByTestId("freshness-band")).toBeNull();
  });

  it("filters from the address, and by the keys 1 to 4", async () => {
    await openBoard("/desk?view=table&state=%5B%22production%22%5D");
    expect(screen.queryByTestId("board-row-L-02")).toBeNull();
    fireEvent.keyDown(document.body, { key: "1" });
    await screen.findByTestId("board-row-L-02");
    fireEvent.keyDown(document.body, { key: "2" });
    await waitFor(() => expect(screen.queryByTestId("board-row-L-01")).toBeNull());
  });

  it("does not let a row jump from under the pointer", async () => {
    const { host, at } = await openBoard();
    const order = () => screen.getAllByTestId(/^board-row-/).map(({ dataset }) => dataset.testid);
    expect(order()).toEqual(["board-row-L-02", "board-row-L-01"]);
    const list = screen.getByTestId("board-list").parentElement;
    if (list) fireEvent.pointerEnter(list);
    act(() => host.put({ ...at(0, "malfunction"), version: 2 }));
    await waitFor(() => expect(screen.getByTestId("board-row-L-01").dataset.look).toBe("malfunction"));
    expect(order()).toEqual(["board-row-L-02", "board-row-L-01"]);
    if (list) fireEvent.pointerLeave(list);
    await waitFor(() => expect(order()).toEqual(["board-row-L-01", "board-row-L-02"]));
  });

  it("shows the stations without a session; a start takes such a place at once, an end gives it back", async () => {
    const { host, at } = await openBoard();
    await screen.findByTestId("board-free-L-03");
    expect(screen.queryByTestId("board-free-L-01")).toBeNull();
    expect(screen.getByTestId("count-none").dataset.count).toBe("10");
    expect(screen.getByTestId("board-count").textContent).toBe("2");
    act(() => host.put(at(2, "production")));
    await waitFor(() => expect(screen.queryByTestId("board-free-L-03")).toBeNull());
    act(() => host.remove("session-L-03"));
    await screen.findByTestId("board-free-L-03");
    fireEvent.click(screen.getByTestId("board-free"), { detail: 0 });
    await waitFor(() => expect(screen.queryByTestId("board-free-L-03")).toBeNull());
    expect(screen.getByTestId("count-none").dataset.count).toBe("10");
  });

  it("shows a station that is made, and drops one that is taken out of use", async () => {
    const { host } = await openBoard();
    await screen.findByTestId("board-free-L-03");
    const [station] = host.floor.stations;
    if (!station) throw new Error("The floor of tests is empty.");
    act(() =>
      host.tell("insert", { station: liveStation({ ...station, id: "station-X-9", code: "X-9" }) }, "stations"),
    );
    await screen.findByTestId("board-free-X-9");
    act(() => host.tell("delete", { stationId: "station-X-9" }, "stations"));
    await waitFor(() => expect(screen.queryByTestId("board-free-X-9")).toBeNull());
  });

  it("does not say how many are free before it knows who works", async () => {
    const { host } = floorAtWork();
    const watch = host.desk.watch;
    host.desk.watch = (topics, listener) =>
      watch(topics, (message) => {
        if (message.type === "event" && (message.data as { topic?: string }).topic === "active-sessions") return;
        listener(message);
      });
    openApp("/desk?view=table", host);
    await waitFor(() => expect(screen.getByTestId("freshness").dataset.state).toBe("live"));
    expect(screen.getByTestId("count-none").textContent).toContain("–");
    expect(screen.queryByTestId("board-free-L-03")).toBeNull();
  });

  it("has a word for an empty floor and for an empty filter", async () => {
    const { host } = floorAtWork();
    host.floor.sessions = [];
    openApp("/desk", host);
    await screen.findByTestId("board-empty");
    cleanup();
    const { host: busy } = floorAtWork();
    openApp("/desk?q=nobody", busy);
    await screen.findByText("Nothing matches the filter.");
  });

  it("returns to the login when the right to read is gone", async () => {
    const { host } = await openBoard();
    const asked = vi.spyOn(host.desk, "me");
    // Another role is a right that is gone, too; the login stands.
    act(() => host.tell("goodbye", { reason: "revoked" }));
    await waitFor(() => expect(asked).toHaveBeenCalled());
    host.user = null;
    act(() => host.tell("goodbye", { reason: "revoked" }));
    await screen.findByTestId("desk-username");
  });
});

describe("the places of the desk", () => {
  const asked = (host: FakeHost) => host.calls.filter(([call]) => call === "ask");

  it("read one session more closely while it is open, over the screen's one connection", async () => {
    const { host, at } = floorAtWork();
    const session = at(0, "production");
    host.statusEvents = [fakeStatusEvent(session)];
    const watch = vi.spyOn(host.desk, "watch");
    openApp("/desk?view=table", host);
    await screen.findByTestId("board-row-L-01");
    fireEvent.click(screen.getByTestId("board-open-L-01"));
    await waitFor(() => expect(screen.getAllByTestId("detail-event")).toHaveLength(1));
    expect(watch.mock.lastCall?.[0]).toEqual(["active-sessions", "notifications", `session/${session.id}`, "stations"]);
    const stop = at(0, "stop");
    act(() => {
      const stopped = { ...fakeStatusEvent(stop), id: "event-2", startedAt: new Date().toISOString() };
      host.tell("status_event", { statusEvent: stopped }, `session/${session.id}`);
      host.tell("report", { report: fakeReport(session) }, `session/${session.id}`);
    });
    await waitFor(() => expect(screen.getAllByTestId("detail-event")).toHaveLength(2));
    expect(screen.getAllByTestId("detail-event")[0]?.textContent).toContain("Stopped");
    expect(screen.getByTestId("detail-report").textContent).toContain("Malfunction");
    act(() => host.put({ ...stop, version: 2 }));
    await waitFor(() => expect(screen.getByTestId("detail-state").dataset.status).toBe("stop"));
    fireEvent.keyDown(document.body, { key: "Escape" });
    await waitFor(() => expect(screen.queryByTestId("detail")).toBeNull());
    await waitFor(() => expect(watch.mock.lastCall?.[0]).toEqual(["active-sessions", "notifications", "stations"]));
    expect(screen.getByTestId("board-row-L-01").dataset.status).toBe("stop");
  });

  it("show reports as they are made and change, of one kind where one is wanted, without asking", async () => {
    const { host, at } = floorAtWork();
    host.reports = [fakeReport(at(0, "production"))];
    openApp("/desk", host);
    fireEvent.click(await screen.findByTestId("place-reports"), { detail: 0 });
    await screen.findByTestId("report-report-1");
    const scrap = fakeReport(at(1, "setup"), { id: "report-2", type: "scrap", state: "new", scrap: 3 });
    act(() => host.tell("insert", { report: scrap }, "reports"));
    await screen.findByTestId("report-report-2");
    fireEvent.click(screen.getByTestId("reports-malfunction"), { detail: 0 });
    await waitFor(() => expect(screen.queryByTestId("report-report-2")).toBeNull());
    const known = { ...fakeReport(at(0, "production")), state: "known", version: 2 };
    act(() => host.tell("update", { report: known }, "reports?type=malfunction"));
    await waitFor(() => expect(screen.queryByTestId("report-report-1-known")).toBeNull());
    expect(screen.getByTestId("report-report-1").textContent).toContain("known");
    expect(asked(host)).toEqual([]);
  });

  it("show a report's pictures, large where one is pressed, and say which are still to come", async () => {
    const { host, at } = floorAtWork();
    const report = fakeReport(at(0, "malfunction"));
    const images = [
      { id: "i1", arrived: true },
      { id: "i2", arrived: false },
    ];
    host.reports = [{ ...report, images }];
    const picture = vi
      .spyOn(host.desk, "picture")
      .mockImplementation(async (id) => new Blob([id], { type: "image/jpeg" }));
    openApp("/desk", host);
    fireEvent.click(await screen.findByTestId("place-reports"), { detail: 0 });
    const row = within(await screen.findByTestId("report-report-1"));
    row.getByText("Picture to follow");
    fireEvent.click(await row.findByTestId("picture-i1"), { detail: 0 });
    const large = await screen.findByAltText("Picture 1");
    expect(large.getAttribute("src")).toBe(`data:image/jpeg;base64,${btoa("i1")}`);
    fireEvent.click(screen.getByTestId("picture-close"), { detail: 0 });
    await waitFor(() => expect(screen.queryByAltText("Picture 1")).toBeNull());
    act(() => host.tell("update", { report: { ...report, images: [{ id: "i2", arrived: true }] } }, "reports"));
    await screen.findByTestId("picture-i2");
    expect(screen.queryByText("Picture to follow")).toBeNull();
    expect(picture.mock.calls).toEqual([["i1"], ["i2"]]);
  });

  it("count what waits everywhere, and list it where one goes to see", async () => {
    const { host, at } = floorAtWork();
    openApp("/desk", host);
    await screen.findByTestId("place-waiting");
    expect(screen.queryByTestId("waiting-count")).toBeNull();
    const { id: sessionId, stationId, stationCode, stationName, workerName } = at(0, "malfunction");
    const where = { sessionId, stationId, stationCode, stationName, workerName };
    const since = new Date().toISOString();
    const none = { escalatedAt: null, seenAt: null, labels: null, text: "smells burnt" };
    const notification = { id: "call-1", kind: "call", since, ...none, ...where };
    act(() => host.tell("insert", { notification }, "notifications"));
    await waitFor(() => expect(screen.getByTestId("waiting-count").dataset.count).toBe("1"));
    fireEvent.click(screen.getByTestId("place-waiting"), { detail: 0 });
    expect((await screen.findByTestId("ring-call-1")).textContent).toContain("smells burnt");
    act(() => host.tell("delete", { id: "call-1" }, "notifications"));
    await waitFor(() => expect(screen.queryByTestId("ring-call-1")).toBeNull());
    expect(screen.queryByTestId("waiting-count")).toBeNull();
  });
});

describe("what comes back, at the desk", () => {
  const asked = (host: FakeHost, path: string) =>
    host.calls.flatMap(([call, request]) =>
      call === "ask" && (request as AdminRequest).path.split("?")[0] === path ? [request as AdminRequest] : [],
    );
  const tap = (testId: string) => fireEvent.click(screen.getByTestId(testId), { detail: 0 });
  const type = (testId: string, value: string) => fireEvent.change(screen.getByTestId(testId), { target: { value } });
  const about = (kind: Notification["kind"], id: string, sessionId: string): Notification => ({
    id,
    kind,
    sessionId,
    since: "2026-11-24T08:00:00.000Z",
    escalatedAt: null,
    seenAt: null,
    stationId: null,
    stationCode: null,
    stationName: null,
    workerName: null,
    labels: null,
    text: null,
  });

  /** The quarantine with these entries, which the server drops once they are decided. */
  async function openQuarantine(entries: QuarantineEntry[]) {
    const { host } = floorAtWork();
    let waiting = entries;
    host.notifications = entries.map(({ id, sessionId }) => about("quarantine", id, sessionId));
    host.answers.set("GET /api/admin/quarantine", () => ({ items: waiting, nextCursor: null }));
    host.answers.set("GET /api/admin/status-definitions", () => ({ items: [], nextCursor: null }));
    host.answers.set("GET /api/admin/kiosks", () => ({
      items: [{ id: "kiosk-1", name: "Kiosk 1" }],
      nextCursor: null,
    }));
    const decides = (path: string) =>
      host.answers.set(`POST /api/admin/quarantine/${path}`, () => {
        waiting = [];
        return { entries: [] };
      });
    openApp("/desk", host);
    fireEvent.click(await screen.findByTestId("place-quarantine"), { detail: 0 });
    return { host, decides };
  }

  it("lies in quarantine by session, with what it was and what stood against it, counted wherever one is", async () => {
    const problem = { code: "APPROVAL_REQUIRED" };
    await openQuarantine([
      fakeQuarantine(),
      fakeQuarantine({ id: "q2", seq: 2, path: "/api/status-events", body: { note: "by hand" }, problem }),
    ]);
    const group = await screen.findByTestId("quarantine-of-session-1");
    expect(group.textContent).toContain("Noa Levi · Lathe Okuma 1 · Kiosk 1");
    expect(screen.getByTestId("quarantine-quarantine-1").textContent).toContain("Good 4, scrap 0");
    expect(screen.getByTestId("quarantine-quarantine-1").textContent).toContain("outside the time of its session");
    expect(screen.getByTestId("quarantine-q2").textContent).toContain("by hand");
    expect(screen.getByTestId("quarantine-q2").textContent).toContain("approve the first product");
    expect(screen.getByTestId("quarantine-count").dataset.count).toBe("2");
  });

  it.each([
    ["accepted singly", "accept-quarantine-1", "quarantine-1/accept", { reason: "seen" }],
    ["rejected singly", "reject-quarantine-1", "quarantine-1/reject", { reason: "seen" }],
    ["accepted whole", "accept-all-session-1", "accept", { reason: "seen", sessionId: "session-1" }],
    ["rejected whole", "reject-all-session-1", "reject", { reason: "seen", sessionId: "session-1" }],
  ])("is %s, never without a reason", async (_what, button, path, body) => {
    const { host, decides } = await openQuarantine([fakeQuarantine()]);
    decides(path);
    await screen.findByTestId(button);
    tap(button);
    expect(asked(host, `/api/admin/quarantine/${path}`)).toEqual([]);
    type("why-session-1", " seen ");
    tap(button);
    await waitFor(() => expect(screen.queryByTestId("quarantine-of-session-1")).toBeNull());
    expect(asked(host, `/api/admin/quarantine/${path}`)).toMatchObject([{ method: "POST", body }]);
  });

  it("is accepted as it should have been", async () => {
    const { host, decides } = await openQuarantine([fakeQuarantine()]);
    decides("quarantine-1/accept");
    await screen.findByTestId("why-session-1");
    type("why-session-1", "miscounted");
    tap("edit-quarantine-1");
    type("edit-good", "6");
    type("edit-scrap", "1");
    tap("edit-done");
    await waitFor(() => expect(screen.queryByTestId("quarantine-of-session-1")).toBeNull());
    expect(asked(host, "/api/admin/quarantine/quarantine-1/accept")[0]?.body).toEqual({
      reason: "miscounted",
      body: {
        sessionId: "session-1",
        quantities: { good: 6, scrap: 1 },
        action: { seq: 1, occurredAt: "2026-11-24T08:00:00.000Z" },
      },
    });
  });

  it("shows beforehand which figures accepting would change", async () => {
    const { host } = await openQuarantine([fakeQuarantine()]);
    const figures = {
      startedAt: "2026-11-24T06:00:00.000Z",
      endedAt: "2026-11-24T07:00:00.000Z",
      totals: { good: 84, scrap: 2 },
      statuses: [{ statusDefinitionId: "s", labels: { en: "Setup" }, timeMs: 60_000 }],
      unknownMs: 0,
    };
    const after = { ...figures, totals: { good: 88, scrap: 2 }, unknownMs: 90_000 };
    host.answers.set("POST /api/admin/quarantine/quarantine-1/preview", () => ({
      entries: [],
      before: figures,
      after,
    }));
    await screen.findByTestId("preview-quarantine-1");
    tap("preview-quarantine-1");
    const shown = await screen.findByTestId("figures-quarantine-1");
    expect(shown.textContent).toContain("84 / 2 → 88 / 2");
    expect(shown.textContent).toContain("00:00 → 01:30");
    expect(shown.textContent).not.toContain("Setup");
  });

  it("is marked on the board: recovered, started without the server, undecided, a reason missing", async () => {
    const { host, at } = floorAtWork();
    const past = new Date(Date.now() - 60_000).toISOString();
    const back = { recoveredAt: past, startedOffline: true, reasonMissingFrom: past };
    host.floor.sessions = [{ ...at(0, "stop"), ...back }, at(1, "setup")];
    host.notifications = [about("quarantine", "q1", host.floor.sessions[0]?.id ?? "")];
    openApp("/desk?view=table", host);
    const row = within(await screen.findByTestId("board-row-L-01"));
    for (const mark of ["mark-recovered", "mark-offline", "mark-reason", "mark-undecided"]) row.getByTestId(mark);
    expect(within(screen.getByTestId("board-row-L-02")).queryByTestId(/^mark-/)).toBeNull();
  });

  it("shows unknown stretches as such, and not at all what was taken back", async () => {
    const { host, at } = floorAtWork();
    const event = fakeStatusEvent(at(0, "production"));
    host.statusEvents = [
      event,
      { ...event, id: "e2", unknown: true, endedAt: new Date().toISOString() },
      { ...event, id: "e3", voided: true },
    ];
    openApp("/desk?view=table", host);
    fireEvent.click(await screen.findByTestId("board-open-L-01"));
    await waitFor(() => expect(screen.getAllByTestId("detail-event")).toHaveLength(2));
    const unknown = screen.getAllByTestId("detail-event").filter(({ dataset }) => dataset.unknown === "true");
    expect(unknown.map(({ textContent }) => textContent?.includes("Unknown"))).toEqual([true]);
  });

  it("ends a session without contact at the time that a supervisor says", async () => {
    const { host } = floorAtWork();
    host.notifications = [about("provisional", "p1", "session-9")];
    host.answers.set("GET /api/admin/calls", () => ({ items: [], nextCursor: null }));
    host.answers.set("POST /api/admin/amendments", () => ({}));
    openApp("/desk", host);
    fireEvent.click(await screen.findByTestId("place-waiting"), { detail: 0 });
    await screen.findByTestId("ended-p1");
    const figures = {
      startedAt: "2026-11-24T06:00:00.000Z",
      statuses: [],
      totals: { good: 1, scrap: 0 },
      unknownMs: 0,
    };
    host.answers.set("POST /api/admin/amendments/preview", () => ({
      amendment: {},
      before: { ...figures, endedAt: "2026-11-24T08:00:00.000Z" },
      after: { ...figures, endedAt: "2026-11-24T07:45:00.000Z" },
    }));
    type("ended-at-p1", "2026-11-24T07:45:00");
    tap("preview-p1");
    expect((await screen.findByTestId("figures-p1")).textContent).toMatch(/Ends\d\d:00:00 → \d\d:45:00/);
    expect(asked(host, "/api/admin/amendments")).toEqual([]);
    // What was shown is not of another time.
    type("ended-at-p1", "2026-11-24T07:46:00");
    expect(screen.queryByTestId("figures-p1")).toBeNull();
    type("ended-at-p1", "2026-11-24T07:45:00");
    type("ended-why-p1", "he told me");
    tap("ended-p1");
    await waitFor(() => expect(asked(host, "/api/admin/amendments")).toHaveLength(1));
    expect(asked(host, "/api/admin/amendments")[0]?.body).toEqual({
      kind: "end",
      sessionId: "session-9",
      endedAt: new Date("2026-11-24T07:45:00").toISOString(),
      reason: "he told me",
    });
    expect(asked(host, "/api/admin/calls")[0]?.path).toContain("state=seen");
  });

  it("says that a first product was looked at, and decides with a note of its own; what the server says is shown", async () => {
    const { host } = floorAtWork();
    host.notifications = [about("approval", "a1", "session-8"), about("approval", "a2", "session-9")];
    host.answers.set("GET /api/admin/calls", () => ({ items: [], nextCursor: null }));
    host.answers.set("POST /api/admin/approvals/a1/seen", () => ({}));
    const detail = "This is your own session. Ask another supervisor.";
    host.answers.set("POST /api/admin/approvals/a1/approve", () => {
      throw new HostError({ type: "", title: "", status: 403, detail, code: "FORBIDDEN" });
    });
    host.answers.set("POST /api/admin/approvals/a2/refuse", () => ({}));
    openApp("/desk", host);
    fireEvent.click(await screen.findByTestId("place-waiting"), { detail: 0 });
    await screen.findByTestId("seen-a1");
    tap("seen-a1");
    await waitFor(() => expect(asked(host, "/api/admin/approvals/a1/seen")).toHaveLength(1));
    const [first] = host.notifications;
    const notification = { ...first, seenAt: new Date().toISOString() };
    act(() => host.tell("update", { notification }, "notifications"));
    await waitFor(() => expect(screen.queryByTestId("seen-a1")).toBeNull());
    type("note-a2", "edge is rough ");
    tap("approve-a1");
    const against = await screen.findByTestId("approvals-complaint");
    expect(against.textContent).toContain("This is not allowed.");
    const own = within(against).getByText(detail);
    expect([own.lang, own.dir]).toEqual(["en", "ltr"]);
    expect(asked(host, "/api/admin/approvals/a1/approve")[0]?.body).toEqual({});
    tap("refuse-a2");
    await waitFor(() => expect(asked(host, "/api/admin/approvals/a2/refuse")).toHaveLength(1));
    expect(asked(host, "/api/admin/approvals/a2/refuse")[0]?.body).toEqual({ note: "edge is rough" });
    await waitFor(() => expect((screen.getByTestId("note-a2") as HTMLInputElement).value).toBe(""));
  });

  it("sends a message to the kiosk of a session, and says what became of the last one", async () => {
    const { host } = floorAtWork();
    const seen = { id: "kiosk-1", name: "Kiosk 1", stationId: "station-L-01", contact: "online", lastContactAt: null };
    host.kioskAt.set("station-L-01", seen as KioskSeen);
    host.answers.set("GET /api/admin/messages", () => ({ items: [fakeMessage(new Date().toISOString())] }));
    host.answers.set("POST /api/admin/kiosks/kiosk-1/messages", () => ({}));
    openApp("/desk?view=table", host);
    fireEvent.click(await screen.findByTestId("board-open-L-01"));
    fireEvent.click(await screen.findByTestId("message-open"), { detail: 0 });
    await screen.findByTestId("message-send");
    expect((await screen.findByTestId("message-told")).textContent).toContain("not shown yet");
    type("message-text", "Tea is ready");
    tap("message-send");
    await waitFor(() => expect(asked(host, "/api/admin/kiosks/kiosk-1/messages")).toHaveLength(1));
    expect(asked(host, "/api/admin/kiosks/kiosk-1/messages")[0]?.body).toEqual({ text: "Tea is ready" });
  });
});

describe("what a supervisor manages", () => {
  const requests = (host: FakeHost, method: string) =>
    host.calls.flatMap(([call, request]) =>
      call === "ask" && (request as AdminRequest).method === method ? [request as AdminRequest] : [],
    );
  const tap = (testId: string) => fireEvent.click(screen.getByTestId(testId), { detail: 0 });
  const type = (testId: string, value: string) => fireEvent.change(screen.getByTestId(testId), { target: { value } });
  const page = (...items: unknown[]) => ({ items, nextCursor: null });

  const made = { id: "s1", key: "lunch", stationId: null, position: 0, active: true, version: 2, protected: false };
  const words = { labels: { en: "Lunch" }, color: "#1D5FB8", machineState: "stoppage", timeClass: "plannedStop" };
  const lunch = { ...made, ...words, reasonWanted: "never", reportType: "none" };

  async function openPlace(place: "jobs" | "statuses", prepare: (host: FakeHost) => void = () => {}) {
    const { host } = floorAtWork();
    host.answers.set("GET /api/admin/presets", () =>
      page({ id: "preset-1", name: "Turn and wash", steps: [], version: 1 }),
    );
    host.answers.set("GET /api/admin/jobs", () => page());
    prepare(host);
    openApp("/desk", host);
    fireEvent.click(await screen.findByTestId(`place-${place}`), { detail: 0 });
    await screen.findByTestId(place);
    // A station can be chosen once its stream has told it.
    await screen.findAllByRole("option", { name: "L-01 · Lathe Okuma 1" });
    return host;
  }

  const item: JobItem = {
    id: "item-1",
    jobId: "job-1",
    jobNumber: "J-1",
    name: "Cover",
    position: 1,
    plannedQuantity: 60,
    completedGood: 20,
    completedScrap: 0,
    complete: true,
    missing: 0,
    frozenAt: "2026-11-24T06:00:00.000Z",
    closedShortAt: "2026-11-24T07:00:00.000Z",
    closedShortReason: "no steel",
    archivedAt: null,
    steps: [
      {
        id: "step-1",
        position: 1,
        stationId: "station-L-01",
        stationCode: "L-01",
        stationName: "",
        plannedMsPerPiece: null,
        firstProductApproval: true,
        isTerminal: true,
        good: 20,
        scrap: 0,
        wip: 0,
      },
    ],
    version: 4,
  };
  const job: Job = {
    id: "job-1",
    number: "J-1",
    customer: null,
    description: null,
    dueOn: null,
    archivedAt: null,
    items: [item],
    version: 1,
  };

  it("makes a job with several steps; an item that was refused is tried again with the same job", async () => {
    const host = await openPlace("jobs");
    host.answers.set("POST /api/admin/jobs", () => ({ id: "job-9", number: "J-9" }));
    type("job-number", "J-9");
    type("job-customer", "Ofek");
    type("job-due", "2026-12-24");
    type("job-item", "Flange");
    type("job-station", "station-L-01");
    tap("job-step-add");
    type("job-station-1", "station-W-01");
    fireEvent.click(screen.getByTestId("job-approval-1"));
    tap("job-create");
    await screen.findByTestId("jobs-complaint");
    host.answers.set("POST /api/admin/jobs/job-9/items", () => ({}));
    tap("job-create");
    await waitFor(() => expect((screen.getByTestId("job-number") as HTMLInputElement).value).toBe(""));
    const body = {
      name: "Flange",
      plannedQuantity: 100,
      steps: [{ stationId: "station-L-01" }, { stationId: "station-W-01", firstProductApproval: true }],
    };
    expect(requests(host, "POST").map(({ path, body }) => [path, body])).toEqual([
      ["/api/admin/jobs", { number: "J-9", customer: "Ofek", dueOn: "2026-12-24" }],
      ["/api/admin/jobs/job-9/items", body],
      ["/api/admin/jobs/job-9/items", body],
    ]);
  });

  it("makes an item by a preset, changes one, makes more of one that was closed short, takes a job back", async () => {
    const host = await openPlace("jobs", (host) => {
      host.jobs = [job];
      host.answers.set("GET /api/admin/jobs", () => page({ ...job, id: "job-0", number: "J-0" }));
      for (const path of ["job-items/item-1/reopen", "jobs/job-1/items", "jobs/job-0/unarchive"])
        host.answers.set(`POST /api/admin/${path}`, () => ({}));
      host.answers.set("PUT /api/admin/job-items/item-1", () => ({}));
    });
    await screen.findByTestId("item-reopen-item-1");
    expect(screen.getByTestId("job-item-item-1").textContent).toContain("no steel");
    tap("item-reopen-item-1");
    tap("item-change-item-1");
    const edit = within(await screen.findByTestId("item-edit"));
    // It was produced: its steps stay.
    expect(edit.queryByTestId("job-station")).toBeNull();
    fireEvent.change(edit.getByTestId("job-planned"), { target: { value: "80" } });
    tap("item-save");
    await waitFor(() => expect(requests(host, "PUT")).toHaveLength(1));
    expect(requests(host, "PUT")[0]).toMatchObject({
      version: 4,
      body: { name: "Cover", plannedQuantity: 80, steps: [{ id: "step-1", firstProductApproval: true }] },
    });
    await waitFor(() => expect(screen.queryByTestId("item-edit")).toBeNull());
    tap("job-add-J-1");
    const added = within(await screen.findByTestId("item-edit"));
    fireEvent.change(added.getByTestId("job-item"), { target: { value: "Lid" } });
    await waitFor(() => added.getByTestId("job-preset"));
    fireEvent.change(added.getByTestId("job-preset"), { target: { value: "preset-1" } });
    tap("item-save");
    await waitFor(() => expect(screen.queryByTestId("item-edit")).toBeNull());
    tap("jobs-away-open");
    fireEvent.click(await screen.findByTestId("unarchive-J-0"), { detail: 0 });
    await waitFor(() => expect(requests(host, "POST")).toHaveLength(3));
    expect(requests(host, "POST").map(({ path, body }) => [path, body])).toEqual([
      ["/api/admin/job-items/item-1/reopen", {}],
      ["/api/admin/jobs/job-1/items", { name: "Lid", plannedQuantity: 100, presetId: "preset-1" }],
      ["/api/admin/jobs/job-0/unarchive", {}],
    ]);
  });

  it("changes a job, puts an item away and takes it back, closes one short with its own reason, removes a job", async () => {
    const open = { ...item, complete: false, closedShortAt: null, closedShortReason: null };
    const away = { ...open, id: "item-2", name: "Lid", archivedAt: "2026-11-24T07:00:00.000Z" };
    const host = await openPlace("jobs", (host) => {
      host.jobs = [{ ...job, customer: "Ofek", description: "urgent", items: [open, away] }];
      for (const path of ["item-1/close-short", "item-1/archive", "item-2/unarchive"])
        host.answers.set(`POST /api/admin/job-items/${path}`, () => ({}));
      host.answers.set("PUT /api/admin/jobs/job-1", () => ({}));
      host.answers.set("DELETE /api/admin/jobs/job-1", () => null);
    });
    fireEvent.click(await screen.findByTestId("job-change-J-1"), { detail: 0 });
    const edit = within(await screen.findByTestId("job-edit"));
    fireEvent.change(edit.getByTestId("job-number"), { target: { value: " J-1b" } });
    fireEvent.change(edit.getByTestId("job-customer"), { target: { value: "" } });
    fireEvent.change(edit.getByTestId("job-due"), { target: { value: "2026-12-24" } });
    tap("job-save");
    await waitFor(() => expect(screen.queryByTestId("job-edit")).toBeNull());
    expect(requests(host, "PUT")[0]).toMatchObject({ path: "/api/admin/jobs/job-1", version: 1 });
    // What was emptied is left out; what was not touched stays.
    expect(requests(host, "PUT")[0]?.body).toEqual({ number: "J-1b", dueOn: "2026-12-24", description: "urgent" });
    tap("item-short-item-1");
    await screen.findByTestId("short-reason-item-1");
    type("short-reason-item-1", "no steel");
    tap("short-item-1");
    await waitFor(() => expect(screen.queryByTestId("short-reason-item-1")).toBeNull());
    tap("item-archive-item-1");
    tap("item-unarchive-item-2");
    await waitFor(() => expect(requests(host, "POST")).toHaveLength(3));
    expect(requests(host, "POST").map(({ path, body }) => [path, body])).toEqual([
      ["/api/admin/job-items/item-1/close-short", { reason: "no steel" }],
      ["/api/admin/job-items/item-1/archive", {}],
      ["/api/admin/job-items/item-2/unarchive", {}],
    ]);
    tap("job-change-J-1");
    await screen.findByTestId("job-edit");
    tap("job-delete");
    await waitFor(() =>
      expect(requests(host, "DELETE")).toMatchObject([{ path: "/api/admin/jobs/job-1", version: 1 }]),
    );
  });

  it("reads on where a list goes on, and all that is shown again after a change", async () => {
    const host = await openPlace("jobs", (host) => {
      host.answers.set("GET /api/admin/jobs", ({ path }) =>
        path.includes("cursor=c%2F1")
          ? page({ ...job, id: "job-3", number: "J-3" })
          : { items: [{ ...job, id: "job-2", number: "J-2" }], nextCursor: "c/1" },
      );
      host.answers.set("POST /api/admin/jobs/job-3/unarchive", () => ({}));
    });
    tap("jobs-away-open");
    fireEvent.click(await screen.findByTestId("jobs-away-more"), { detail: 0 });
    fireEvent.click(await screen.findByTestId("unarchive-J-3"), { detail: 0 });
    await waitFor(() =>
      expect(requests(host, "GET").filter(({ path }) => path.includes("state=archived"))).toHaveLength(4),
    );
    expect(screen.queryByTestId("jobs-away-more")).toBeNull();
    screen.getByTestId("away-J-2");
  });

  it("brings a status back that was taken out of use, and asks nothing of the stop that can't be changed", async () => {
    const retired = { ...lunch, active: false };
    const stop = { ...lunch, id: "s2", key: "stop", protected: true, reasonWanted: "later" };
    const host = await openPlace("statuses", (host) => {
      host.answers.set("GET /api/admin/status-definitions", () => page(retired, stop));
      host.answers.set("PUT /api/admin/status-definitions/s1", () => ({}));
    });
    fireEvent.click(await screen.findByTestId("status-edit-stop"), { detail: 0 });
    await waitFor(() => expect(screen.queryByTestId("status-reason")).toBeNull());
    screen.getByTestId("status-time-class");
    tap("status-restore-lunch");
    await waitFor(() => expect(requests(host, "PUT")).toHaveLength(1));
    expect(requests(host, "PUT")[0]).toMatchObject({ version: 2, body: { key: "lunch", active: true } });
    expect(screen.queryByTestId("status-restore-stop")).toBeNull();
  });

  it("says of a status what the machine does, how time counts, what it asks, and where it holds", async () => {
    const host = await openPlace("statuses", (host) => {
      host.answers.set("GET /api/admin/status-definitions", () => page(lunch));
      host.answers.set("POST /api/admin/status-definitions", () => ({}));
      host.answers.set("PUT /api/admin/status-definitions/s1", () => ({}));
    });
    type("status-key", "wash");
    type("status-en", "Washing");
    type("status-machine-state", "setup");
    type("status-time-class", "plannedStop");
    type("status-reason", "now");
    type("status-report", "general");
    type("status-station", "station-W-01");
    tap("status-save");
    await waitFor(() => expect(requests(host, "POST")).toHaveLength(1));
    expect(requests(host, "POST")[0]?.body).toEqual({
      key: "wash",
      stationId: "station-W-01",
      labels: { en: "Washing" },
      color: "#1D5FB8",
      machineState: "setup",
      timeClass: "plannedStop",
      reasonWanted: "now",
      reportType: "general",
    });
    fireEvent.click(await screen.findByTestId("status-edit-lunch"), { detail: 0 });
    // Where it holds stays as it was made.
    await waitFor(() => expect(screen.queryByTestId("status-station")).toBeNull());
    type("status-reason", "later");
    tap("status-save");
    await waitFor(() => expect(requests(host, "PUT")).toHaveLength(1));
    expect(requests(host, "PUT")[0]).toMatchObject({ version: 2, body: { key: "lunch", reasonWanted: "later" } });
  });
});

describe("the doors", () => {
  it("are two in a browser, and none where the device is one of them", async () => {
    openApp("/");
    await screen.findByTestId("door-kiosk");
    await screen.findByTestId("door-desk");
    openApp("/", new FakeHost(emptyFloor(), "kiosk"));
    await screen.findByTestId("signin-code");
    openApp("/", new FakeHost(emptyFloor(), "desk"));
    await screen.findByTestId("desk-username");
  });
});
