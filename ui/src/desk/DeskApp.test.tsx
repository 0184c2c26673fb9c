import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openApp } from "../app/render";
import { FakeHost, fakeReport, fakeSession, fakeStatusEvent, liveStation } from "../host/fake";
import { emptyFloor } from "../host/floor";

// Nothing has a size without a layout; the virtual list then would draw nothing.
beforeEach(() => {
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
