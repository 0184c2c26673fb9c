import { act, cleanup, configure, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openApp } from "../app/render";
import { FakeHost, fakeMessage, fakeSession, ownSession } from "../host/fake";
import { emptyFloor } from "../host/floor";

// A busy machine may take its time; what never comes is waited for in vain all the same.
configure({ asyncUtilTimeout: 5_000 });

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function parts() {
  const host = new FakeHost(emptyFloor());
  const [worker, second] = host.floor.workers;
  const [station] = host.floor.stations;
  const status = (key: string) => {
    const found = host.floor.statuses.find((known) => known.key === key);
    if (!found) throw new Error(`The floor of tests has no ${key}.`);
    return found;
  };
  if (!worker || !second || !station) throw new Error("The floor of tests is empty.");
  return { host, worker, second, station, status };
}

/** A kiosk at which somebody works. */
async function atWork(key = "production") {
  const { host, worker, station, status, second } = parts();
  const session = fakeSession(worker, station, status(key), new Date(Date.now() - 754_000).toISOString());
  host.show({ worker, session: ownSession(session) });
  openApp("/kiosk", host);
  await screen.findByTestId("state-word");
  await screen.findByTestId("status-setup");
  return { host, worker, second, session };
}

/** A press by keyboard or screen reader; by finger is what the browser tests do. */
function press(testId: string): void {
  fireEvent.click(screen.getByTestId(testId), { detail: 0 });
}
/** Leaves production without a count, which may follow. */
async function leave(testId: string): Promise<void> {
  press(testId);
  fireEvent.click(await screen.findByTestId("count-later"), { detail: 0 });
}
const calls = (host: FakeHost, name: string) => host.calls.filter(([call]) => call === name);

describe("signing in", () => {
  it("takes the number alone where the server does, and comes to the stations", async () => {
    const host = openApp("/kiosk");
    await screen.findByTestId("signin-code");
    for (const digit of ["1", "0", "0", "1"]) press(`signin-key-${digit}`);
    press("signin-submit");
    await screen.findByTestId("station-L-01");
    expect(calls(host, "signIn")).toEqual([["signIn", "1001", undefined]]);
  });

  it("marks the stations that a worker is not meant for, after those he is", async () => {
    const { host, worker } = parts();
    const other = host.floor.stations.find(({ code }) => code === "L-02");
    if (other) other.outsideAssignment = true;
    host.show({ worker });
    openApp("/kiosk", host);
    const tiles = await screen.findAllByTestId(/^station-/);
    expect(tiles.at(-1)?.dataset.testid).toBe("station-L-02");
    expect(screen.getByTestId("outside-L-02").textContent).toContain("usual");
    expect(screen.queryByTestId("outside-L-03")).toBeNull();
  });

  it("asks for the PIN after a refusal, since the server does not say which it was", async () => {
    const host = openApp("/kiosk");
    const field = await screen.findByTestId("signin-code");
    for (const digit of ["1", "0", "0", "2"]) press(`signin-key-${digit}`);
    press("signin-submit");
    await waitFor(() => expect(field.dataset.step).toBe("pin"));
    expect(screen.queryByTestId("signin-error")).toBeNull();
    for (const digit of ["9", "9", "9", "9"]) press(`signin-key-${digit}`);
    press("signin-submit");
    expect((await screen.findByTestId("signin-error")).textContent).toBe("Number or PIN is wrong.");
    for (const digit of ["4", "7", "1", "1"]) press(`signin-key-${digit}`);
    press("signin-submit");
    await screen.findByTestId("station-L-01");
    expect(calls(host, "signIn").at(-1)).toEqual(["signIn", "1002", "4711"]);
  });

  it("reads a badge without focus and by the place of the keys, and a repeated scan is one", async () => {
    const host = openApp("/kiosk");
    await screen.findByTestId("signin-code");
    // What a Hebrew layout makes of these keys is something else; the codes are what counts.
    const scan = () => {
      for (const code of ["Digit1", "Digit0", "Digit0", "Digit1", "Enter"])
        fireEvent.keyDown(document.body, { code, key: "ש" });
    };
    act(scan);
    act(scan);
    await screen.findByTestId("station-L-01");
    expect(calls(host, "signIn")).toEqual([["signIn", "1001", undefined]]);
  });
});

describe("choosing a station", () => {
  it("shows who is where and lets nobody into an occupied one", async () => {
    const { host, worker } = parts();
    const taken = host.floor.stations[1];
    if (taken) taken.occupancy = { workerName: "Daniel Katz", since: "2026-11-24T06:00:00.000Z", contact: "online" };
    host.show({ worker });
    openApp("/kiosk", host);
    const tile = await screen.findByTestId("station-L-02");
    expect(tile.textContent).toContain("Daniel Katz");
    press("station-L-02");
    const [third, someone, status] = [host.floor.stations[2], host.floor.workers[3], host.floor.statuses[0]];
    if (!third || !someone || !status) throw new Error("The floor of tests is too small.");
    const elsewhere = fakeSession(someone, third, status, "2026-11-24T06:10:00.000Z");
    act(() => host.put(elsewhere));
    await waitFor(() => expect(screen.getByTestId("station-L-03").textContent).toContain(someone.name));
    act(() => host.remove(elsewhere.id));
    await waitFor(() => expect(screen.getByTestId("station-L-03").textContent).toContain("Free"));
    expect(calls(host, "stations")).toHaveLength(1);
    press("station-L-01");
    await screen.findByTestId("state-word");
    expect(calls(host, "open")).toEqual([["open", "station-L-01"]]);
  });

  it("says why a station could not be opened", async () => {
    const { host, worker } = parts();
    host.show({ worker });
    openApp("/kiosk", host);
    await screen.findByTestId("station-L-01");
    // The station's lists are asked for first; what is said no to is the opening.
    vi.spyOn(host.kiosk, "checklists").mockResolvedValue({ start: null, end: null });
    host.failNext("STATION_OCCUPIED");
    press("station-L-01");
    expect((await screen.findByTestId("strip")).textContent).toContain("Somebody is working at this station.");
  });
});

describe("the work screen", () => {
  it("says saved and not sent as long as what is known is about the entry before", async () => {
    const { host } = await atWork();
    act(() => host.show({ lastAction: { seq: 7, state: "applied", problem: null } }));
    vi.spyOn(host.kiosk, "changeStatus").mockResolvedValue();
    await leave("status-setup");
    const strip = await screen.findByTestId("strip");
    expect(strip.dataset.state).toBe("saved");
    act(() => host.show({ lastAction: { seq: 8, state: "applied", problem: null } }));
    expect(strip.dataset.state).toBe("applied");
  });

  it("shows state and time in state, and one tap changes it", async () => {
    const { host } = await atWork();
    expect(screen.getByTestId("state-word").textContent).toBe("Production");
    expect(screen.getByTestId("time-in-state").textContent).toMatch(/^12:3[45]$/);
    await leave("status-setup");
    await waitFor(() => expect(screen.getByTestId("state-word").textContent).toBe("Setup"));
    expect(calls(host, "changeStatus")).toEqual([["changeStatus", { statusDefinitionId: "status-setup" }]]);
    const strip = screen.getByTestId("strip");
    expect(strip.dataset.state).toBe("applied");
    expect(strip.textContent).toContain("Sent");
  });

  it("says saved while the server is away, and sent only when it was", async () => {
    const { host } = await atWork();
    act(() => host.goOffline());
    expect(screen.getByTestId("link-state").dataset.state).toBe("offline");
    await leave("status-setup");
    await waitFor(() => expect(screen.getByTestId("strip").dataset.state).toBe("saved"));
    expect(screen.getByTestId("strip").textContent).toContain("Saved here");
    expect(screen.getByTestId("waiting").dataset.count).toBe("1");
    act(() => host.goOnline());
    expect(screen.getByTestId("strip").dataset.state).toBe("applied");
    expect(screen.getByTestId("waiting").dataset.count).toBe("0");
  });

  it("asks why first where the status wants to know at once", async () => {
    const { host } = await atWork();
    await leave("status-material");
    press((await screen.findByTestId("reason-reason-tool")).dataset.testid ?? "");
    await waitFor(() => expect(screen.getByTestId("state-word").textContent).toBe("Waiting for material"));
    expect(calls(host, "changeStatus")).toEqual([
      ["changeStatus", { statusDefinitionId: "status-material", reasonId: "reason-tool" }],
    ]);
  });

  it("does not offer to go without a reason where one is needed, and asks for the list again", async () => {
    const { host, worker, station, status } = parts();
    const session = fakeSession(worker, station, status("production"), new Date().toISOString());
    host.show({ worker, session: ownSession(session) });
    const away = new Error("away");
    const failing = vi.spyOn(host.kiosk, "reasons").mockRejectedValue(away);
    openApp("/kiosk", host);
    await screen.findByTestId("status-material");
    await leave("status-material");
    const retry = await screen.findByTestId("reason-retry");
    failing.mockRestore();
    fireEvent.click(retry, { detail: 0 });
    await screen.findByTestId("reason-reason-tool");
    expect(calls(host, "changeStatus")).toEqual([]);
  });

  it("sends a malfunction with its reason in two taps, and the count may follow", async () => {
    const { host } = await atWork();
    press("malfunction");
    fireEvent.click(await screen.findByTestId("reason-reason-tool"), { detail: 0 });
    await waitFor(() => expect(screen.getByTestId("state-word").textContent).toBe("Malfunction"));
    const [[, change] = []] = calls(host, "changeStatus");
    expect(change).toMatchObject({ report: { type: "malfunction", reasonId: "reason-tool" } });
  });

  it("asks for good and scrap when production is left, and sends them with the status", async () => {
    const { host } = await atWork();
    press("status-setup");
    fireEvent.click(await screen.findByTestId("count-plus-10"), { detail: 0 });
    fireEvent.click(await screen.findByTestId("count-submit"), { detail: 0 });
    await waitFor(() => expect(screen.getByTestId("state-word").textContent).toBe("Setup"));
    const [[, change] = []] = calls(host, "changeStatus");
    expect(change).toMatchObject({ statusDefinitionId: "status-setup", quantities: { good: 10 } });
  });

  it("offers to say why afterwards where the status can wait", async () => {
    const { host } = await atWork();
    expect(screen.queryByTestId("give-reason")).toBeNull();
    await leave("status-stop");
    fireEvent.click(await screen.findByTestId("give-reason"), { detail: 0 });
    fireEvent.click(await screen.findByTestId("reason-reason-material"), { detail: 0 });
    await waitFor(() =>
      expect(calls(host, "giveReason")).toEqual([["giveReason", "event-1", "reason-material", undefined]]),
    );
    expect(screen.queryByTestId("give-reason")).toBeNull();
  });

  it("says that a reason is missing once the stop is long enough to need one", async () => {
    const { host } = await atWork("production");
    await leave("status-stop");
    await screen.findByTestId("give-reason");
    expect(screen.queryByTestId("reason-missing")).toBeNull();
    const own = host.view.session;
    const past = new Date(Date.now() - 1_000).toISOString();
    act(() => host.show({ session: own && { ...own, session: { ...own.session, reasonMissingFrom: past } } }));
    await screen.findByTestId("reason-missing");
  });

  it("merges the same tap twice, and says so", async () => {
    const { host } = await atWork("stop");
    const never = vi.spyOn(host.kiosk, "changeStatus").mockReturnValue(new Promise(() => {}));
    press("status-setup");
    press("status-setup");
    expect((await screen.findByTestId("strip")).dataset.state).toBe("merged");
    expect(never).toHaveBeenCalledTimes(1);
    press("status-cleaning");
    expect(never).toHaveBeenCalledTimes(2);
  });

  it("says what the server said against it", async () => {
    const { host } = await atWork("stop");
    press("status-setup");
    await screen.findByTestId("strip");
    act(() =>
      host.show({ lastAction: { seq: 1, state: "refused", problem: { code: "STATUS_NOT_ALLOWED", detail: "No." } } }),
    );
    expect(screen.getByTestId("strip").textContent).toContain("This status does not exist at this station.");
  });

  it("ends in two taps, shows the summary, and is ready for the next", async () => {
    const { host } = await atWork("stop");
    press("end-session");
    press("end-confirm");
    expect((await screen.findByTestId("summary")).textContent).toContain("Noa Levi");
    press("summary-ready");
    await screen.findByTestId("signin-code");
    expect(calls(host, "end")).toHaveLength(1);
    expect(calls(host, "signOut")).toHaveLength(1);
  });

  it("hides the name after a minute without a touch, and shows it again at the next", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await atWork();
    act(() => void vi.advanceTimersByTime(61_000));
    expect(screen.getByTestId("worker-name").textContent).toBe("•••");
    expect(screen.getByTestId("state-word").textContent).toBe("Production");
    act(() => void window.dispatchEvent(new Event("pointerdown")));
    expect(screen.getByTestId("worker-name").textContent).toBe("Noa Levi");
  });
});

describe("a kiosk that is left alone", () => {
  it("takes its questions back and shows the state again", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    await atWork("stop");
    press("end-session");
    await screen.findByTestId("end-confirm");
    act(() => void vi.advanceTimersByTime(61_000));
    expect(screen.queryByTestId("end-confirm")).toBeNull();
    press("next-worker");
    await screen.findByTestId("signin-code");
    // The guard of the new screen takes no finger yet.
    act(() => void vi.advanceTimersByTime(1_000));
    act(() => void window.dispatchEvent(new Event("pointerdown")));
    act(() => void vi.advanceTimersByTime(61_000));
    await screen.findByTestId("state-word");
  });
});

describe("a sign-in that nobody uses", () => {
  it("ends after ten minutes, but never while its session runs", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const { host } = await atWork();
    act(() => void vi.advanceTimersByTime(11 * 60_000));
    expect(calls(host, "signOut")).toHaveLength(0);
    act(() => void window.dispatchEvent(new Event("pointerdown")));
    act(() => host.show({ session: null, ended: null, worker: host.floor.workers[1] ?? null }));
    fireEvent.click(await screen.findByTestId("summary-again"), { detail: 0 });
    await screen.findByTestId("station-L-01");
    act(() => void vi.advanceTimersByTime(9 * 60_000));
    expect(calls(host, "signOut")).toHaveLength(0);
    act(() => void vi.advanceTimersByTime(61_000));
    expect(calls(host, "signOut")).toHaveLength(1);
  });
});

describe("another worker", () => {
  it("may take the machine over after signing in", async () => {
    const { host, second } = await atWork();
    act(() => host.show({ worker: second }));
    expect((await screen.findByTestId("handover-offer")).textContent).toContain("Noa Levi");
    press("handover");
    fireEvent.click(await screen.findByTestId("count-later"), { detail: 0 });
    await screen.findByTestId("state-word");
    expect(screen.getByTestId("worker-name").textContent).toBe("Daniel Katz");
  });

  it("may leave it, and the first goes on", async () => {
    const { host, second } = await atWork();
    act(() => host.show({ worker: second }));
    fireEvent.click(await screen.findByTestId("handover-stay"), { detail: 0 });
    await screen.findByTestId("state-word");
    expect(screen.getByTestId("worker-name").textContent).toBe("Noa Levi");
  });
});

describe("an open session at sign-in", () => {
  it("is offered to be taken over, with the time it stays open", async () => {
    const { host, worker, station, status } = parts();
    const session = fakeSession(worker, station, status("setup"), new Date().toISOString());
    host.show({
      worker,
      resumable: { session, here: false, graceExpiresAt: new Date(Date.now() + 200_000).toISOString() },
    });
    openApp("/kiosk", host);
    expect((await screen.findByTestId("grace")).textContent).toMatch(/^03:(1\d|20)$/);
    expect(screen.getByTestId("resume").textContent).toBe("Take over");
    press("resume");
    expect((await screen.findByTestId("state-word")).textContent).toBe("Setup");
  });

  it("may be left where it runs", async () => {
    const { host, worker, station, status } = parts();
    const session = fakeSession(worker, station, status("setup"), new Date().toISOString());
    host.show({ worker, resumable: { session, here: false, graceExpiresAt: new Date().toISOString() } });
    openApp("/kiosk", host);
    fireEvent.click(await screen.findByTestId("resume-leave"), { detail: 0 });
    await screen.findByTestId("signin-code");
    expect(calls(host, "resume")).toHaveLength(0);
    expect(calls(host, "discard")).toHaveLength(0);
  });

  it("is discarded only after being asked again", async () => {
    const { host, worker, station, status } = parts();
    const session = fakeSession(worker, station, status("setup"), new Date().toISOString());
    host.show({ worker, resumable: { session, here: true, graceExpiresAt: new Date().toISOString() } });
    openApp("/kiosk", host);
    fireEvent.click(await screen.findByTestId("discard"), { detail: 0 });
    expect(calls(host, "discard")).toHaveLength(0);
    press("discard-confirm");
    await screen.findByTestId("station-L-01");
    expect(calls(host, "discard")).toHaveLength(1);
  });
});

describe("a lost session", () => {
  it("says so where another tab of this kiosk has it", async () => {
    const { host } = await atWork();
    act(() => host.transfer("Kiosk 1"));
    expect((await screen.findByTestId("transferred")).textContent).toContain("in another tab of this kiosk");
  });

  it("says where it went, when, and what became of the entries, and has one way on", async () => {
    const { host } = await atWork();
    act(() => host.show({ waiting: 2 }));
    act(() => host.transfer("Kiosk 7"));
    const told = await screen.findByTestId("transferred");
    expect(told.textContent).toContain("Your session goes on at Kiosk 7.");
    expect(told.textContent).toContain("2 entries were still to be sent.");
    press("ended-back");
    await screen.findByTestId("signin-code");
  });

  it("says live what becomes of what was still to be sent, and is done with it in one tap", async () => {
    const { host, worker } = await atWork();
    act(() => host.show({ waiting: 2 }));
    act(() => host.transfer("Kiosk 7"));
    const entries = await screen.findByTestId("ended-entries");
    expect(entries.textContent).toContain("2 entries were still to be sent");
    const at = new Date().toISOString();
    act(() =>
      host.show({
        waiting: 0,
        unsaid: [{ seq: 5, kind: "status", state: "late", problem: null, at, worker: worker.name }],
      }),
    );
    expect(entries.textContent).toContain("They are sent now.");
    expect(screen.getByTestId("unsaid-5").dataset.state).toBe("late");
    expect(screen.queryByTestId("unsaid")).toBeNull();
    press("ended-back");
    await screen.findByTestId("signin-code");
    expect(calls(host, "acknowledgeUnsaid")).toEqual([["acknowledgeUnsaid", [5]]]);
  });

  it("says that all of it lies with the supervisor, and why", async () => {
    const { host } = await atWork();
    const problem = { code: "STATION_OCCUPIED" as const, detail: "" };
    act(() => host.show({ session: null, ended: { kind: "quarantined", sessionId: "s", problem, waiting: 0 } }));
    const shown = await screen.findByTestId("quarantined");
    expect(shown.textContent).toContain("Somebody is working at this station.");
  });

  it("says why it was closed", async () => {
    const { host } = await atWork();
    act(() => host.close("forced"));
    expect((await screen.findByTestId("closed")).textContent).toContain("A supervisor closed it.");
    act(() => host.close("forced", "Dana", "The machine is moved"));
    const shown = screen.getByTestId("closed").textContent;
    expect(shown).toContain("Closed by Dana.");
    expect(shown).toContain("The machine is moved");
  });
});

describe("the language", () => {
  it("is the worker's while he is here, mirrored, and the device's after him", async () => {
    const { host } = parts();
    openApp("/kiosk", host);
    await screen.findByTestId("signin-code");
    expect(document.documentElement.dir).toBe("ltr");
    act(() => host.show({ worker: host.floor.workers[2] ?? null }));
    await waitFor(() => expect(document.documentElement.dir).toBe("rtl"));
    expect((await screen.findByTestId("sign-out")).textContent).toBe("יציאה");
    act(() => host.show({ worker: null }));
    await waitFor(() => expect(document.documentElement.dir).toBe("ltr"));
  });
});

describe("what came of taps", () => {
  it("can be taken back from the strip for as long as the host offers it", async () => {
    const { host } = await atWork("stop");
    press("status-setup");
    fireEvent.click(await screen.findByTestId("undo"), { detail: 0 });
    await waitFor(() => expect(calls(host, "undo")).toHaveLength(1));
    await waitFor(() => expect(screen.queryByTestId("undo")).toBeNull());
    expect(screen.getByTestId("strip").textContent).toContain("Taken back");
  });

  it("stands on the screen until somebody has seen it, beside a question, too", async () => {
    const { host, worker } = await atWork();
    const at = new Date().toISOString();
    const told = { kind: "count", problem: null, at, worker: worker.name } as const;
    const unsaid = [
      { ...told, seq: 1, state: "late" as const },
      { ...told, seq: 2, state: "refused" as const, problem: { code: "APPROVAL_REQUIRED" as const, detail: "" } },
      { ...told, seq: 3, state: "parked" as const },
    ];
    act(() => host.show({ unsaid }));
    press("count");
    await screen.findByTestId("count-panel");
    expect(screen.getByTestId("unsaid-1").textContent).toContain("It is in history.");
    expect(screen.getByTestId("unsaid-2").textContent).toContain("A supervisor has to approve the first product.");
    expect(screen.getByTestId("unsaid").textContent).toContain("and 1 more");
    press("unsaid-seen");
    await waitFor(() => expect(screen.getByTestId("unsaid-3").textContent).toContain("a supervisor will look at it."));
    press("unsaid-seen");
    await waitFor(() => expect(screen.queryByTestId("unsaid")).toBeNull());
    expect(calls(host, "acknowledgeUnsaid")).toEqual([
      ["acknowledgeUnsaid", [1, 2]],
      ["acknowledgeUnsaid", [3]],
    ]);
  });

  it("is tried again at once where the server refused it", async () => {
    const { host } = await atWork("stop");
    const session = host.view.session;
    press("status-setup");
    await waitFor(() => expect(calls(host, "changeStatus")).toHaveLength(1));
    const problem = { code: "STATUS_NOT_ALLOWED" as const, detail: "" };
    act(() => host.show({ session, lastAction: { seq: 1, state: "refused", problem } }));
    press("status-setup");
    await waitFor(() => expect(calls(host, "changeStatus")).toHaveLength(2));
  });

  it("is not pretended where the disk takes nothing", async () => {
    const { host } = await atWork();
    act(() => host.show({ disk: { code: "DISK", detail: "" } }));
    expect((await screen.findByTestId("disk")).textContent).toContain("can't save anything");
  });
});

describe("a message from the office", () => {
  it("stands there until it is confirmed, one after the other", async () => {
    const { host } = await atWork();
    const messages = [
      fakeMessage("2026-11-24T06:00:00.000Z"),
      { ...fakeMessage(""), id: "message-2", text: "And tea." },
    ];
    act(() => host.show({ messages }));
    expect(screen.getByTestId("message").textContent).toContain("Please come to the office");
    press("message-confirm");
    await waitFor(() => expect(screen.getByTestId("message").textContent).toContain("And tea."));
    expect(calls(host, "confirmMessage")).toEqual([["confirmMessage", "message-1"]]);
  });
});

describe("a session that was closed for want of contact", () => {
  async function offered() {
    const { host, worker, station, status } = parts();
    const startedAt = new Date(Date.now() - 3 * 3_600_000).toISOString();
    const session = { ...fakeSession(worker, station, status("production"), startedAt), closeReason: "idle" as const };
    host.show({ worker, provisional: session });
    openApp("/kiosk", host);
    await screen.findByTestId("provisional-offer");
    return { host, session };
  }

  it("goes on here in one tap", async () => {
    const { host } = await offered();
    press("provisional-continue");
    await screen.findByTestId("state-word");
    expect(calls(host, "continueHere")).toHaveLength(1);
  });

  it("ended at a time that is typed on the kiosk's own keys", async () => {
    const { host } = await offered();
    press("provisional-ended");
    await screen.findByTestId("end-time");
    const hourAgo = new Date(Date.now() - 3_600_000);
    hourAgo.setSeconds(0, 0);
    const digits = `${hourAgo.getHours()}`.padStart(2, "0") + `${hourAgo.getMinutes()}`.padStart(2, "0");
    for (const digit of digits) press(`end-key-${digit}`);
    press("end-time-send");
    await screen.findByTestId("station-L-01");
    expect(calls(host, "endedAt")).toEqual([["endedAt", hourAgo.toISOString()]]);
  });

  it("may be left to the supervisor", async () => {
    const { host } = await offered();
    press("provisional-later");
    await screen.findByTestId("station-L-01");
    expect(calls(host, "endedAt")).toEqual([]);
  });
});

describe("a kiosk without its server", () => {
  it("says at sign-in by what it knows, and marks what was begun so", async () => {
    const { host, worker, station, status } = parts();
    const provisions = { knownAsOf: "2026-11-24T06:00:00.000Z", offlineStart: true };
    host.goOffline();
    openApp("/kiosk", host);
    await screen.findByTestId("signin-code");
    expect(screen.getByText("Signing in needs the server.")).toBeTruthy();
    act(() => host.show({ provisions }));
    expect(screen.getByTestId("signin-alone").textContent).toContain("This kiosk signs you in");
    act(() => host.show({ worker, unverified: true }));
    await screen.findByTestId("station-L-01");
    expect(screen.getByTestId("unverified")).toBeTruthy();
    expect(screen.getByTestId("stations-old").textContent).toContain("As known at");
    const session = fakeSession(worker, station, status("stop"), new Date().toISOString());
    act(() => host.show({ session: { ...ownSession(session), unsent: true } }));
    await screen.findByTestId("state-word");
    expect(screen.getByTestId("started-offline")).toBeTruthy();
  });
});

describe("a device that is no kiosk", () => {
  it("says which of address and code was wrong", async () => {
    const { host } = parts();
    host.show({ kiosk: null });
    openApp("/kiosk", host);
    fireEvent.change(await screen.findByTestId("enrol-server"), { target: { value: "http://10.0.0.5:7420" } });
    fireEvent.change(screen.getByTestId("enrol-code"), { target: { value: "ABCD" } });
    host.failNext("UNAVAILABLE", 503);
    const submit = screen.getByTestId("enrol-submit").closest("form");
    if (submit) fireEvent.submit(submit);
    await waitFor(() => expect(screen.getByTestId("enrol-error").textContent).toContain("No server answers"));
    host.failNext("UNAUTHENTICATED", 401);
    if (submit) fireEvent.submit(submit);
    await waitFor(() => expect(screen.getByTestId("enrol-error").textContent).toContain("this code is not valid"));
    if (submit) fireEvent.submit(submit);
    await screen.findByTestId("signin-code");
    expect(calls(host, "enroll").at(-1)).toEqual(["enroll", "http://10.0.0.5:7420", "ABCD"]);
  });
});
