import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { soon } from "../../app/soon";
import type { KioskView } from "../../generated/KioskView";
import { fakeSession } from "../fake";
import { emptyFloor } from "../floor";
import { BrowserKiosk } from "./kiosk";
import { Store } from "./store";
import { CHANNEL } from "./tabs";

const floor = emptyFloor();
const [worker] = floor.workers;
const [station] = floor.stations;
const setup = floor.statuses.find(({ key }) => key === "setup");
const stop = floor.statuses.find(({ key }) => key === "stop");
if (!worker || !station || !setup || !stop) throw new Error("The floor of tests is empty.");
const session = fakeSession(worker, station, stop, "2026-11-24T06:00:00.000Z");
const serverTime = () => new Date(Date.now() + 5_000).toISOString();
const lease = { ttlMs: 300_000, nextMs: 15_000 };

interface Request {
  path: string;
  body: Record<string, unknown> & { action?: { seq: number; epoch: number; instanceId: string; occurredAt: string } };
  workerCode: string | null;
}
type Reply = { status?: number; body: unknown } | "no network";

/** A server made of answers. */
class StubServer {
  requests: Request[] = [];
  /** The highest number it took. */
  lastSeq = 0;
  isOff = false;
  enrolled = true;
  readonly replies: Record<string, (request: Request) => Reply> = {
    "/api/kiosks/me": () =>
      this.enrolled
        ? {
            body: {
              kioskId: "k1",
              kioskName: "Kiosk 1",
              stationId: station?.id,
              lastSeq: this.lastSeq,
              serverTime: serverTime(),
            },
          }
        : this.problem("UNAUTHENTICATED", 401),
    "/api/kiosks/enroll": () => {
      this.enrolled = true;
      return { body: { kioskId: "k1", kioskName: "Kiosk 1", stationId: null } };
    },
    "/api/workers/login": () => ({
      body: { worker, activeSession: null, lastSeq: this.lastSeq, serverTime: serverTime() },
    }),
    "/api/workers/logout": () => ({ body: {} }),
    "/api/workers/active-session": () => ({ body: { activeSession: null } }),
    "/api/statuses": () => ({ body: { statuses: floor.statuses } }),
    "/api/sessions": () => ({
      status: 201,
      body: { session, epoch: 1, lease, serverTime: serverTime(), lastSeq: this.lastSeq },
    }),
    "/api/sessions/heartbeat": () => ({
      body: { ok: true, epoch: 1, lease, serverTime: serverTime(), lastSeq: this.lastSeq },
    }),
    "/api/sessions/complete": () => ({ body: { outcome: "applied" } }),
    "/api/status-events": () => ({
      body: {
        outcome: "applied",
        session: { ...session, currentStatusId: setup?.id, currentStatus: setup, version: 2 },
        statusEvent: { id: "e1", reasonId: null },
      },
    }),
  };

  problem(code: string, status: number, more: object = {}): Reply {
    return { status, body: { type: "", title: "", status, detail: code, code, ...more } };
  }

  fetch = async (path: string, init: RequestInit): Promise<Response> => {
    const [route = ""] = path.split("?");
    const body = init.body ? JSON.parse(String(init.body)) : {};
    const request = { path: route, body, workerCode: new Headers(init.headers).get("x-worker-code") };
    const reply = this.isOff ? "no network" : (this.replies[route]?.(request) ?? this.problem("NOT_FOUND", 404));
    if (reply === "no network") throw new TypeError("failed to fetch");
    this.requests.push(request);
    if ((reply.status ?? 200) < 400) this.lastSeq = Math.max(this.lastSeq, request.body.action?.seq ?? 0);
    return new Response(JSON.stringify(reply.body), { status: reply.status ?? 200 });
  };

  sent(path: string): Request[] {
    return this.requests.filter((request) => request.path === path);
  }
}

/** The kiosk's own stream, as the newest tab opened it. */
class DrivenSource extends EventTarget {
  static newest: DrivenSource;
  constructor() {
    super();
    DrivenSource.newest = this;
  }
  close(): void {}
  say(name: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}

let server: StubServer;
const tabs: Array<{ kiosk: BrowserKiosk; view: KioskView; stop: () => void; store: Store }> = [];

async function openTab() {
  const store = await Store.open();
  const kiosk = new BrowserKiosk(store);
  const tab = { kiosk, store, view: {} as KioskView, stop: () => {} };
  tab.stop = kiosk.watch((view) => {
    tab.view = view;
  });
  tabs.push(tab);
  await kiosk.start();
  return tab;
}

/** A tab in which the worker is at work. */
async function workingTab() {
  const tab = await openTab();
  await tab.kiosk.signIn("1001");
  await tab.kiosk.open(station?.id ?? "");
  return tab;
}

beforeEach(() => {
  vi.stubGlobal("indexedDB", new IDBFactory());
  vi.stubGlobal("EventSource", DrivenSource);
  server = new StubServer();
  vi.stubGlobal("fetch", server.fetch);
  sessionStorage.clear();
});
afterEach(() => {
  for (const tab of tabs.splice(0)) {
    tab.stop();
    tab.kiosk.close();
    tab.store.close();
  }
  vi.unstubAllGlobals();
});

describe("a kiosk in a browser", () => {
  it("is no kiosk until it is enrolled", async () => {
    server.enrolled = false;
    const tab = await openTab();
    expect(tab.view.kiosk).toBeNull();
    await tab.kiosk.enroll("", "CODE-1");
    expect(server.sent("/api/kiosks/enroll")[0]?.body).toEqual({ code: "CODE-1", cookie: true });
    expect(tab.view).toMatchObject({ kiosk: { name: "Kiosk 1" }, link: { state: "online" } });
  });

  it("opens a session as its worker, and beats for it at once", async () => {
    const tab = await workingTab();
    const [opened] = server.sent("/api/sessions");
    expect(opened?.workerCode).toBe("1001");
    expect(opened?.body.instanceId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(tab.view.session).toMatchObject({ epoch: 1, session: { stationCode: "L-01" } });
    await soon(() => expect(server.sent("/api/sessions/heartbeat")).toHaveLength(1));
    expect(server.sent("/api/sessions/heartbeat")[0]?.body).toEqual({
      sessionId: session.id,
      instanceId: opened?.body.instanceId,
      epoch: 1,
    });
  });

  it("repeats an opening that was not answered as the same opening", async () => {
    const tab = await openTab();
    await tab.kiosk.signIn("1001");
    const answer = server.replies["/api/sessions"];
    const instances: unknown[] = [];
    server.replies["/api/sessions"] = ({ body }) => {
      instances.push(body.instanceId);
      return "no network";
    };
    await expect(tab.kiosk.open("x")).rejects.toMatchObject({ problem: { code: "UNAVAILABLE" } });
    if (answer) server.replies["/api/sessions"] = answer;
    await tab.kiosk.open("x");
    expect(server.sent("/api/sessions")[0]?.body.instanceId).toBe(instances[0]);
  });

  it("shows a change at once as saved, then as sent, on the server's clock", async () => {
    const tab = await workingTab();
    await tab.kiosk.statuses(station?.id ?? "");
    server.isOff = true;
    const tappedAt = Date.now();
    await tab.kiosk.changeStatus({ statusDefinitionId: setup?.id ?? "" });
    expect(tab.view).toMatchObject({
      waiting: 1,
      lastAction: { seq: 1, state: "saved" },
      session: { session: { currentStatus: { key: "setup" } }, statusEvent: null },
    });
    await soon(() => expect(tab.view.link.state).toBe("offline"));
    server.isOff = false;
    window.dispatchEvent(new Event("online"));
    await soon(() => expect(tab.view.lastAction?.state).toBe("applied"));
    expect(tab.view).toMatchObject({ waiting: 0, link: { state: "online" }, session: { statusEvent: { id: "e1" } } });
    const [change] = server.sent("/api/status-events");
    expect(change?.body.action).toMatchObject({ seq: 1, epoch: 1, clock: "synced" });
    // The server's clock is five seconds ahead of this device's.
    const ahead = Date.parse(change?.body.action?.occurredAt ?? "") - tappedAt;
    expect(ahead).toBeGreaterThan(3_000);
  });

  it("refuses at once what the server would refuse, before anybody is told that it is saved", async () => {
    const tab = await workingTab();
    await expect(tab.kiosk.changeStatus({ statusDefinitionId: "status-malfunction" })).rejects.toMatchObject({
      problem: { code: "REPORT_REQUIRED" },
    });
    await expect(tab.kiosk.changeStatus({ statusDefinitionId: "status-material" })).rejects.toMatchObject({
      problem: { code: "REASON_REQUIRED" },
    });
    expect(tab.view).toMatchObject({ waiting: 0, lastAction: null });
    await tab.kiosk.changeStatus({ statusDefinitionId: "status-material", reasonId: "reason-tool" });
    await soon(() => expect(server.sent("/api/status-events")[0]?.body.reasonId).toBe("reason-tool"));
  });

  it("goes on with the same claim after a reload: no takeover, no new opening", async () => {
    const before = await workingTab();
    const instanceId = server.sent("/api/sessions")[0]?.body.instanceId;
    // The tab is gone: nobody answers for its claim any more.
    before.kiosk.close();
    server.requests = [];
    const after = await openTab();
    expect(after.view).toMatchObject({ session: { epoch: 1 }, ended: null });
    await soon(() => expect(server.sent("/api/sessions/heartbeat")[0]?.body.instanceId).toBe(instanceId));
    expect(server.sent("/api/sessions")).toHaveLength(0);
    expect(server.sent("/api/sessions/takeover")).toHaveLength(0);
  });

  it("is told by a heartbeat who has its session now", async () => {
    const tab = await workingTab();
    server.replies["/api/sessions/heartbeat"] = () =>
      server.problem("INSTANCE_MISMATCH", 409, { owner: { kioskName: "Kiosk 7", since: "2026-11-24T06:10:00.000Z" } });
    window.dispatchEvent(new Event("pageshow"));
    await soon(() => expect(tab.view.ended).toMatchObject({ kind: "transferred", kioskName: "Kiosk 7" }));
    expect(tab.view.session).toBeNull();
    await tab.kiosk.acknowledgeEnded();
    expect(tab.view).toMatchObject({ ended: null, worker: null });
  });

  it("is told by its stream, and believes no epoch before its own", async () => {
    const tab = await workingTab();
    const told = { offset: 1, sessionId: session.id, kioskName: "Kiosk 7", at: "2026-11-24T06:10:00.000Z" };
    DrivenSource.newest.say("session_transferred", { ...told, epoch: 1 });
    expect(tab.view.ended).toBeNull();
    DrivenSource.newest.say("session_transferred", { ...told, epoch: 2 });
    expect(tab.view.ended).toMatchObject({ kind: "transferred", kioskName: "Kiosk 7", waiting: 0 });
  });

  it("is told why its session was closed", async () => {
    const tab = await workingTab();
    DrivenSource.newest.say("session_closed", {
      offset: 1,
      sessionId: session.id,
      reason: "forced",
      by: "Dana",
      note: "went home",
      at: "2026-11-24T06:10:00.000Z",
    });
    expect(tab.view.ended).toMatchObject({ kind: "closed", reason: "forced", by: "Dana", note: "went home" });
  });

  it("ends its session without a screen of loss, even where the server had closed it", async () => {
    const tab = await workingTab();
    server.replies["/api/sessions/complete"] = () => server.problem("SESSION_NOT_ACTIVE", 410, { reason: "idle" });
    await tab.kiosk.end({});
    expect(tab.view.session).toBeNull();
    await soon(() => expect(tab.view.waiting).toBe(0));
    expect(tab.view.worker).not.toBeNull();
  });

  it("forgets a worker whose sign-in has ended, and itself only where the kiosk is unknown", async () => {
    const tab = await openTab();
    await tab.kiosk.signIn("1001");
    server.replies["/api/stations"] = () => server.problem("UNAUTHENTICATED", 401);
    await expect(tab.kiosk.stations()).rejects.toMatchObject({ problem: { code: "UNAUTHENTICATED" } });
    expect(tab.view).toMatchObject({ worker: null, link: { state: "online" } });
    server.enrolled = false;
    await tab.kiosk.stations().catch(() => {});
    expect(tab.view.link.state).toBe("refused");
  });

  it("says at once that it can't save, and pretends nothing", async () => {
    const tab = await workingTab();
    await tab.kiosk.statuses(station?.id ?? "");
    vi.spyOn(tab.store, "append").mockRejectedValue(new DOMException("full", "QuotaExceededError"));
    await expect(tab.kiosk.changeStatus({ statusDefinitionId: setup?.id ?? "" })).rejects.toMatchObject({
      problem: { code: "DISK" },
    });
    expect(tab.view).toMatchObject({
      waiting: 0,
      disk: { code: "DISK" },
      lastAction: null,
      session: { session: { currentStatus: { key: "stop" } } },
    });
  });
});

describe("a disk that is full", () => {
  it("is said before a session is asked for, and its claim is the same once there is room again", async () => {
    const tab = await openTab();
    await tab.kiosk.signIn("1001");
    const claim = vi.spyOn(tab.store, "claim").mockRejectedValueOnce(new DOMException("full", "QuotaExceededError"));
    await expect(tab.kiosk.open(station?.id ?? "")).rejects.toMatchObject({ problem: { code: "DISK" } });
    expect(tab.view).toMatchObject({ disk: { code: "DISK" }, session: null });
    await tab.kiosk.open(station?.id ?? "");
    expect(tab.view).toMatchObject({ disk: null, session: { epoch: 1 } });
    expect(claim).toHaveBeenCalledTimes(2);
    const [first, second] = server.sent("/api/sessions");
    expect(second?.body.instanceId).toBe(first?.body.instanceId);
  });
});

describe("a handover", () => {
  const taken = { ...session, id: "session-2", version: 1 };
  const closed = { offset: 1, sessionId: session.id, reason: "handover", provisional: false, at: serverTime() };
  /** The stream may be quicker than the answer. */
  function closesFirst(reply: Reply): void {
    server.replies["/api/sessions/handover"] = () => {
      DrivenSource.newest.say("session_closed", closed);
      return reply;
    };
  }

  it("is no loss of the session it ends, also after a reload", async () => {
    const tab = await workingTab();
    closesFirst({ body: { session: taken, epoch: 1, lease, serverTime: serverTime(), lastSeq: 0 } });
    const seen: unknown[] = [];
    const stop = tab.kiosk.watch(({ ended }) => seen.push(ended));
    await tab.kiosk.handOver({});
    DrivenSource.newest.say("session_closed", closed);
    stop();
    expect(new Set(seen)).toEqual(new Set([null]));
    expect(tab.view.session?.session.id).toBe("session-2");
    tab.kiosk.close();
    expect((await openTab()).view).toMatchObject({ ended: null, session: { session: { id: "session-2" } } });
  });

  it("that is refused leaves it to the heartbeat to say what became of the session", async () => {
    const tab = await workingTab();
    closesFirst(server.problem("SESSION_NOT_ACTIVE", 410));
    server.replies["/api/sessions/heartbeat"] = () => server.problem("SESSION_NOT_ACTIVE", 410, { reason: "forced" });
    await expect(tab.kiosk.handOver({})).rejects.toMatchObject({ problem: { code: "SESSION_NOT_ACTIVE" } });
    await soon(() => expect(tab.view.ended).toMatchObject({ kind: "closed", reason: "forced" }));
  });

  it("makes an earlier loss history, as each claim does", async () => {
    const tab = await workingTab();
    DrivenSource.newest.say("session_closed", { ...closed, reason: "forced" });
    await tab.kiosk.open(station?.id ?? "");
    tab.kiosk.close();
    expect((await openTab()).view).toMatchObject({ ended: null, session: { epoch: 1 } });
  });
});

describe("what a kiosk is set up as", () => {
  it("is what its stream says last, and stays so", async () => {
    const tab = await openTab();
    DrivenSource.newest.say("initial", { session: null, epoch: null, messages: [] });
    expect(tab.view.kiosk).toMatchObject({ name: "Kiosk 1", stationId: station?.id });
    DrivenSource.newest.say("config", { offset: 1, config: { name: "Kiosk A", stationId: "elsewhere" } });
    expect(tab.view.kiosk).toMatchObject({ name: "Kiosk A", stationId: "elsewhere" });
    const config = { name: "Kiosk B", stationId: null };
    DrivenSource.newest.say("initial", { session: null, epoch: null, messages: [], config });
    expect(tab.view.kiosk).toMatchObject({ id: "k1", name: "Kiosk B", stationId: null });
    await soon(async () => expect(await tab.store.fact("kiosk")).toMatchObject({ name: "Kiosk B" }));
  });
});

describe("two tabs", () => {
  it("the older one gives a session up when another claims it", async () => {
    const tab = await workingTab();
    const other = new BroadcastChannel(CHANNEL);
    const claim = { type: "claim", instanceId: "i9", tabId: "t9", timestamp: Date.now() };
    other.postMessage({ ...claim, sessionId: "another" });
    other.postMessage({ ...claim, sessionId: session.id, timestamp: Date.now() + 1 });
    await soon(() => expect(tab.view.ended).toMatchObject({ kind: "transferred", sessionId: session.id }));
    other.close();
  });

  it("each tab announces its claim on the channel", async () => {
    const other = new BroadcastChannel(CHANNEL);
    const heard: unknown[] = [];
    other.onmessage = ({ data }) => heard.push(data);
    await workingTab();
    const { instanceId } = server.sent("/api/sessions")[0]?.body ?? {};
    await soon(() =>
      expect(heard).toContainEqual({
        type: "claim",
        sessionId: session.id,
        instanceId,
        timestamp: expect.any(Number),
        tabId: expect.any(String),
      }),
    );
    other.close();
  });

  it("a second tab takes no claim from a first that lives", async () => {
    const first = await workingTab();
    const second = await openTab();
    expect(second.view.session).toBeNull();
    expect(first.view.session).not.toBeNull();
    expect(first.view.ended).toBeNull();
  });

  it("with one claim, after the browser gave it to both: the one named first goes on, and it stays on the disk", async () => {
    const tab = await workingTab();
    const { instanceId } = server.sent("/api/sessions")[0]?.body ?? {};
    const other = new BroadcastChannel(CHANNEL);
    const heard: unknown[] = [];
    other.onmessage = ({ data }) => heard.push(data);
    const twin = { type: "claim", sessionId: session.id, instanceId, timestamp: 0 };
    other.postMessage({ ...twin, tabId: "ffffffff" });
    await soon(() => expect(heard).toContainEqual(expect.objectContaining({ type: "claim", instanceId })));
    expect(tab.view.ended).toBeNull();
    other.postMessage({ ...twin, tabId: "00000000" });
    await soon(() => expect(tab.view.ended).toMatchObject({ kind: "transferred" }));
    expect(await tab.store.claims()).toMatchObject([{ instanceId }]);
    other.close();
  });
});

describe("a session that was closed for want of contact", () => {
  const idle = () => server.problem("SESSION_NOT_ACTIVE", 410, { reason: "idle", provisional: true });
  /** The server has closed it, until `bringsBack` is answered. */
  function closedUntil(bringsBack: string, answer: () => Reply): void {
    const beats = server.replies["/api/sessions/heartbeat"];
    server.replies["/api/sessions/heartbeat"] = idle;
    server.replies[bringsBack] = () => {
      if (beats) server.replies["/api/sessions/heartbeat"] = beats;
      return answer();
    };
  }

  it("is brought back by its kiosk, which says since when it has been running", async () => {
    const tab = await workingTab();
    closedUntil("/api/sessions/reopen", () => ({ body: { outcome: "applied", session: { ...session, version: 5 } } }));
    window.dispatchEvent(new Event("pageshow"));
    await soon(() => expect(server.sent("/api/sessions/reopen")).toHaveLength(1));
    const { body } = server.sent("/api/sessions/reopen")[0] ?? {};
    expect(body).toMatchObject({ sessionId: session.id, action: { seq: 1, epoch: 1, clock: "synced" } });
    expect(Date.parse(String(body?.runningSince))).toBeLessThanOrEqual(Date.parse(body?.action?.occurredAt ?? ""));
    await soon(() => expect(tab.view.session?.session.version).toBe(5));
    expect(tab.view).toMatchObject({ ended: null, waiting: 0, lastAction: null });
  });

  it("is brought back by what waits, and by nothing besides", async () => {
    const tab = await workingTab();
    await tab.kiosk.statuses(station?.id ?? "");
    server.isOff = true;
    await tab.kiosk.changeStatus({ statusDefinitionId: setup?.id ?? "" });
    await soon(() => expect(tab.view.link.state).toBe("offline"));
    const change = server.replies["/api/status-events"];
    closedUntil("/api/status-events", () => change?.({} as Request) ?? idle());
    server.requests = [];
    server.isOff = false;
    window.dispatchEvent(new Event("online"));
    await soon(() => expect(tab.view.lastAction?.state).toBe("applied"));
    expect(server.sent("/api/sessions/reopen")).toHaveLength(0);
    expect(tab.view).toMatchObject({ ended: null, session: { session: { currentStatus: { key: "setup" } } } });
    // The heart beats before the queue is sent; it was told no, so the clock is asked for before a time is told.
    const order = server.requests.map(({ path }) => path);
    expect(order.slice(0, 3)).toEqual(["/api/sessions/heartbeat", "/api/kiosks/me", "/api/status-events"]);
  });

  it("is lost where somebody else works there now, and nobody is told of an entry that he did not make", async () => {
    const tab = await workingTab();
    server.replies["/api/sessions/heartbeat"] = idle;
    server.replies["/api/sessions/reopen"] = () => server.problem("STATION_OCCUPIED", 409);
    DrivenSource.newest.say("session_closed", {
      offset: 1,
      sessionId: session.id,
      reason: "idle",
      provisional: true,
      at: "2026-11-24T06:10:00.000Z",
    });
    await soon(() => expect(tab.view.ended).toMatchObject({ kind: "closed", reason: "idle" }));
    expect(tab.view).toMatchObject({ session: null, unsaid: [], waiting: 0 });
  });

  it("stays closed where it was forgotten, unless something was tapped", async () => {
    const forgotten = { reason: "forgotten", provisional: true };
    const tab = await workingTab();
    server.replies["/api/sessions/heartbeat"] = () => server.problem("SESSION_NOT_ACTIVE", 410, forgotten);
    const at = "2026-11-24T14:00:00.000Z";
    DrivenSource.newest.say("session_closed", { offset: 1, sessionId: session.id, at, ...forgotten });
    await vi.waitFor(() => expect(tab.view.ended).toMatchObject({ kind: "closed", reason: "forgotten" }));
    expect(server.sent("/api/sessions/reopen")).toHaveLength(0);
  });

  it("is offered at sign-in: it goes on here, or has ended at a time", async () => {
    server.replies["/api/workers/login"] = () => ({
      body: { worker, activeSession: null, provisionalSession: session, lastSeq: 0, serverTime: serverTime() },
    });
    server.replies["/api/sessions/takeover"] = ({ body }) =>
      body.then === "complete"
        ? { body: {} }
        : { body: { session, epoch: 2, lease, serverTime: serverTime(), lastSeq: 0 } };
    const tab = await openTab();
    await tab.kiosk.signIn("1001");
    expect(tab.view.provisional?.id).toBe(session.id);
    await tab.kiosk.endedAt("2026-11-24T06:05:00.000Z");
    expect(server.sent("/api/sessions/takeover")[0]?.body).toMatchObject({
      sessionId: session.id,
      endedAt: "2026-11-24T06:05:00.000Z",
    });
    expect(tab.view.provisional).toBeNull();
    await tab.kiosk.signIn("1001");
    await tab.kiosk.continueHere();
    expect(tab.view).toMatchObject({ session: { epoch: 2 }, provisional: null });
  });
});

describe("what becomes of taps", () => {
  it("takes the last one back, on screen at once, and on the wire as an entry of its own", async () => {
    const tab = await workingTab();
    await tab.kiosk.statuses(station?.id ?? "");
    server.isOff = true;
    await tab.kiosk.changeStatus({ statusDefinitionId: setup?.id ?? "" });
    expect(tab.view.undo).toMatchObject({ seq: 1, kind: "status" });
    await tab.kiosk.undo();
    expect(tab.view).toMatchObject({
      undo: null,
      waiting: 2,
      session: { session: { currentStatus: { key: "stop" } } },
    });
    await expect(tab.kiosk.undo()).rejects.toMatchObject({ problem: { code: "INVALID_STATUS_TRANSITION" } });
    server.replies["/api/actions/undo"] = () => ({ body: { outcome: "applied", session: { ...session, version: 3 } } });
    await soon(() => expect(tab.view.link.state).toBe("offline"));
    server.isOff = false;
    window.dispatchEvent(new Event("online"));
    await soon(() => expect(tab.view.waiting).toBe(0));
    expect(server.sent("/api/actions/undo")[0]?.body).toEqual({
      undoes: 1,
      action: expect.objectContaining({ seq: 2, epoch: 1, clock: "synced" }),
    });
    expect(tab.view.session?.session.currentStatus?.key).toBe("stop");
  });

  it("takes a count back by as much as it was", async () => {
    const tab = await workingTab();
    server.isOff = true;
    await tab.kiosk.count({ good: 7 });
    expect(tab.view.session?.session.totals.good).toBe(7);
    await tab.kiosk.undo();
    expect(tab.view.session?.session.totals.good).toBe(0);
  });

  it("tells of each entry, not only of the latest, until somebody has seen it, also after a reload", async () => {
    const tab = await workingTab();
    server.isOff = true;
    await tab.kiosk.count({ good: 1 });
    await tab.kiosk.count({ good: 2 });
    server.replies["/api/sessions/quantities"] = ({ body }) =>
      body.action?.seq === 1 ? { body: { outcome: "quarantined" } } : { body: { outcome: "applied" } };
    await soon(() => expect(tab.view.link.state).toBe("offline"));
    server.isOff = false;
    window.dispatchEvent(new Event("online"));
    await soon(() => expect(tab.view.waiting).toBe(0));
    const unsaid = [{ seq: 1, kind: "count", state: "quarantined", worker: worker?.name }];
    expect(tab.view).toMatchObject({ unsaid, lastAction: { seq: 2, state: "applied" } });
    tab.kiosk.close();
    const after = await openTab();
    expect(after.view).toMatchObject({ unsaid });
    await after.kiosk.acknowledgeUnsaid([1]);
    expect(after.view.unsaid).toEqual([]);
    expect(await after.store.unsaid()).toEqual([]);
  });

  it("shows nothing of what was refused and only waits to be parked", async () => {
    const tab = await workingTab();
    server.isOff = true;
    await tab.kiosk.count({ good: 5 });
    await tab.store.park(1, { type: "", title: "", status: 422, detail: "", code: "INVALID_QUANTITIES" });
    const other = new BroadcastChannel(CHANNEL);
    other.postMessage({ type: "outbox", settled: null });
    await soon(() => expect(tab.view.session?.session.totals.good).toBe(0));
    expect(tab.view.waiting).toBe(1);
    other.close();
  });

  it("still says after a reload how the session was lost", async () => {
    const tab = await workingTab();
    DrivenSource.newest.say("session_closed", { offset: 1, sessionId: session.id, reason: "forced", at: null });
    tab.kiosk.close();
    const after = await openTab();
    expect(after.view.ended).toMatchObject({ kind: "closed", reason: "forced" });
    await after.kiosk.acknowledgeEnded();
    after.kiosk.close();
    expect((await openTab()).view.ended).toBeNull();
  });
});

describe("what a page leaves behind", () => {
  it("is its opening, which the next one finds as the same claim", async () => {
    const tab = await openTab();
    await tab.kiosk.signIn("1001");
    const instances: unknown[] = [];
    server.replies["/api/sessions"] = ({ body }) => {
      instances.push(body.instanceId);
      return "no network";
    };
    await expect(tab.kiosk.open(station?.id ?? "")).rejects.toMatchObject({ problem: { code: "UNAVAILABLE" } });
    tab.kiosk.close();
    server.replies["/api/workers/active-session"] = () => ({
      body: { activeSession: { session, graceExpiresAt: serverTime(), here: true } },
    });
    server.replies["/api/sessions/takeover"] = () => ({
      body: { session, epoch: 1, lease, serverTime: serverTime(), lastSeq: 0 },
    });
    const after = await openTab();
    await after.kiosk.resume();
    expect(server.sent("/api/sessions/takeover")[0]?.body.instanceId).toBe(instances[0]);
    expect(after.view.session?.epoch).toBe(1);
    expect(await after.store.opening()).toBeNull();
  });
});

describe("messages to the kiosk", () => {
  it("are told as shown, and gone once they are confirmed", async () => {
    const tab = await openTab();
    const message = {
      id: "m1",
      kioskId: "k1",
      text: "Come",
      sentAt: "",
      sentBy: "dana",
      shownAt: null,
      confirmedAt: null,
    };
    server.replies["/api/messages/m1/shown"] = () => ({ body: {} });
    server.replies["/api/messages/m1/confirmed"] = () => ({ body: {} });
    DrivenSource.newest.say("message", { offset: 1, message });
    expect(tab.view.messages).toMatchObject([{ text: "Come" }]);
    await soon(() => expect(server.sent("/api/messages/m1/shown")).toHaveLength(1));
    await tab.kiosk.confirmMessage("m1");
    expect(server.sent("/api/messages/m1/confirmed")).toHaveLength(1);
    expect(tab.view.messages).toEqual([]);
  });
});
