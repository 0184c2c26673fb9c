import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openApp } from "../app/render";
import { FakeHost, fakeSession } from "../host/fake";
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
    act(() => host.tellState("stale"));
    expect(screen.getByTestId("freshness").textContent).toMatch(/stale since \d\d:\d\d:\d\d, reconnecting/);
    act(() => host.tellState("live"));
    expect(screen.getByTestId("freshness").dataset.state).toBe("live");
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

  it("asks which stations there are again when the stream is back, and every minute", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { host } = await openBoard();
    const asked = () => host.calls.filter(([call]) => call === "deskStations").length;
    await waitFor(() => expect(asked()).toBe(1));
    act(() => host.tellState("stale"));
    act(() => host.tellState("live"));
    await waitFor(() => expect(asked()).toBe(2));
    await act(() => vi.advanceTimersByTimeAsync(61_000));
    expect(asked()).toBe(3);
    vi.useRealTimers();
  });

  it("does not say how many are free before it knows which stations there are", async () => {
    const { host } = floorAtWork();
    host.failNext("UNAVAILABLE", 503);
    openApp("/desk?view=table", host);
    await screen.findByTestId("board-row-L-01");
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
