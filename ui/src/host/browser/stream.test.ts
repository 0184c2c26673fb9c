import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { StreamMessage } from "../types";
import { pathOf, readStream } from "./stream";

/** An EventSource that a test drives. */
class DrivenSource extends EventTarget {
  static opened: DrivenSource[] = [];
  static get newest(): DrivenSource {
    const newest = DrivenSource.opened.at(-1);
    if (!newest) throw new Error("Nothing was opened.");
    return newest;
  }
  isClosed = false;

  constructor(readonly url: string) {
    super();
    DrivenSource.opened.push(this);
  }
  close(): void {
    this.isClosed = true;
  }
  say(name: string, data: unknown, id = ""): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data), lastEventId: id }));
  }
  fail(): void {
    this.dispatchEvent(new Event("error"));
  }
}

let heard: StreamMessage[];
let stop: () => void;
const states = () => heard.flatMap((message) => (message.type === "state" ? message.state : []));
const events = () => heard.flatMap((message) => (message.type === "event" ? message.name : []));

/** A chance of 0 makes each delay its shortest. */
function read(chance = 0): void {
  stop = readStream(
    "/api/x/stream",
    (message) => heard.push(message),
    () => chance,
  );
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  vi.stubGlobal("EventSource", DrivenSource);
  vi.stubGlobal(
    "fetch",
    vi.fn(async () => Promise.reject(new Error("no network"))),
  );
  DrivenSource.opened = [];
  heard = [];
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a stream", () => {
  it("is connecting, then live from the first named event on", () => {
    read();
    expect(states()).toEqual(["connecting"]);
    DrivenSource.newest.say("initial", { offset: 4 }, "a.4");
    expect(states()).toEqual(["connecting", "live"]);
    expect(heard.at(-1)).toMatchObject({ type: "event", name: "initial", id: "a.4", data: { offset: 4 } });
  });

  it("resumes by the newest id it has seen, in the address, since a new source has no memory", () => {
    read();
    DrivenSource.newest.say("initial", {}, "a.4");
    DrivenSource.newest.say("heartbeat", {}, "a.9");
    DrivenSource.newest.say("update", {});
    DrivenSource.newest.fail();
    vi.advanceTimersByTime(1_000);
    expect(DrivenSource.opened).toHaveLength(2);
    expect(DrivenSource.newest.url).toBe("/api/x/stream?lastEventId=a.9");
  });

  it("comes back after any number of failures, never sooner than a second nor later than thirty", () => {
    read(0.9999);
    for (let n = 0; n < 50; n += 1) {
      const opened = DrivenSource.opened.length;
      DrivenSource.newest.fail();
      vi.advanceTimersByTime(999);
      expect(DrivenSource.opened).toHaveLength(opened);
      const failed = Date.now() - 999;
      while (DrivenSource.opened.length === opened) vi.advanceTimersByTime(50);
      expect(Date.now() - failed).toBeLessThanOrEqual(30_050);
    }
  });

  it("closes the source it gives up, so that no two tell at once", () => {
    read();
    const first = DrivenSource.newest;
    first.fail();
    expect(first.isClosed).toBe(true);
    vi.advanceTimersByTime(1_000);
    first.say("update", { late: true });
    expect(events()).toEqual([]);
  });

  it("takes 45 s of silence for its end, though the connection looks open", () => {
    read();
    DrivenSource.newest.say("initial", {}, "a.1");
    vi.advanceTimersByTime(44_000);
    expect(states().at(-1)).toBe("live");
    vi.advanceTimersByTime(6_000);
    expect(states().at(-1)).toBe("stale");
    vi.advanceTimersByTime(1_000);
    expect(DrivenSource.newest.url).toContain("lastEventId=a.1");
  });

  it("is kept alive by its named heartbeat alone", () => {
    read();
    for (let n = 0; n < 10; n += 1) {
      DrivenSource.newest.say("heartbeat", {}, `a.${n}`);
      vi.advanceTimersByTime(18_000);
    }
    expect(DrivenSource.opened).toHaveLength(1);
    expect(states().at(-1)).toBe("live");
  });

  it("goes on at once after a rotation, and tells of every goodbye", () => {
    read(0.5);
    DrivenSource.newest.say("initial", {}, "a.1");
    DrivenSource.newest.say("goodbye", { reason: "rotate" });
    expect(events()).toEqual(["initial", "goodbye"]);
    vi.advanceTimersByTime(500);
    expect(DrivenSource.opened).toHaveLength(2);
    // The reader did not notice: the board stayed live.
    expect(states()).toEqual(["connecting", "live"]);
  });

  it("reconnects after the machine slept", () => {
    read();
    DrivenSource.newest.say("initial", {}, "a.1");
    vi.advanceTimersByTime(5_000);
    vi.setSystemTime(Date.now() + 40 * 60_000);
    vi.advanceTimersByTime(6_000);
    expect(DrivenSource.opened).toHaveLength(2);
  });

  it("says nothing more once it was ended", () => {
    read();
    const source = DrivenSource.newest;
    stop();
    expect(source.isClosed).toBe(true);
    source.fail();
    vi.advanceTimersByTime(60_000);
    expect(DrivenSource.opened).toHaveLength(1);
  });
});

describe("polling, while streams keep failing", () => {
  const snapshot = (position: string) =>
    new Response(JSON.stringify({ position, sessions: [] }), { headers: { "content-type": "application/json" } });

  it("asks for the snapshot every 5 s and goes back to the stream when it works", async () => {
    const fetched = vi.fn(async () => snapshot("a.7"));
    vi.stubGlobal("fetch", fetched);
    read();
    DrivenSource.newest.fail();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(fetched).not.toHaveBeenCalled();
    DrivenSource.newest.fail();
    await vi.advanceTimersByTimeAsync(10);
    expect(fetched).toHaveBeenCalledWith("/api/x/stream?snapshot=1", expect.anything());
    expect(states().at(-1)).toBe("polling");
    expect(heard.at(-1)).toMatchObject({ name: "initial", id: "a.7" });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(fetched).toHaveBeenCalledTimes(2);
    // What was polled is not replayed: the stream goes on from there.
    expect(DrivenSource.newest.url).toContain("lastEventId=a.7");
    DrivenSource.newest.say("heartbeat", {}, "a.8");
    expect(states().at(-1)).toBe("live");
    await vi.advanceTimersByTimeAsync(20_000);
    expect(fetched).toHaveBeenCalledTimes(2);
  });

  it("tries the stream soon after the first answer, however long its delay had become", async () => {
    read(0.9);
    for (let n = 0; n < 8; n += 1) {
      DrivenSource.newest.fail();
      await vi.advanceTimersByTimeAsync(30_000);
    }
    DrivenSource.newest.fail();
    const opened = DrivenSource.opened.length;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(DrivenSource.opened).toHaveLength(opened);
    vi.stubGlobal("fetch", async () => snapshot("a.7"));
    await vi.advanceTimersByTimeAsync(5_000 + 4_500);
    expect(DrivenSource.opened).toHaveLength(opened + 1);
  });

  it("brings to light that the right to read is gone, which a native source can't see", async () => {
    const problem = { type: "", title: "", status: 401, detail: "", code: "UNAUTHENTICATED" };
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify(problem), { status: 401 }));
    read();
    DrivenSource.newest.fail();
    await vi.advanceTimersByTimeAsync(1_000);
    DrivenSource.newest.fail();
    await vi.advanceTimersByTimeAsync(10);
    expect(heard.at(-1)).toMatchObject({ name: "goodbye", data: { reason: "revoked" } });
  });

  it("is stale while neither works", async () => {
    read();
    DrivenSource.newest.fail();
    await vi.advanceTimersByTimeAsync(1_000);
    DrivenSource.newest.fail();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(states().at(-1)).toBe("stale");
  });
});

describe("a server that sends its readers away", () => {
  it.each(["busy", "unavailable", "behind"])(
    "with `%s` is not called live, and is asked for snapshots",
    async (reason) => {
      const snapshot = vi.fn(async () => new Response(JSON.stringify({ position: "a.2", sessions: [] })));
      vi.stubGlobal("fetch", snapshot);
      read();
      DrivenSource.newest.say("initial", {}, "a.1");
      DrivenSource.newest.say("goodbye", { reason });
      expect(states()).toEqual(["connecting", "live", "stale"]);
      await vi.advanceTimersByTimeAsync(1_000);
      DrivenSource.newest.say("goodbye", { reason });
      await vi.advanceTimersByTimeAsync(10);
      expect(states().at(-1)).toBe("polling");
      expect(heard.at(-1)).toMatchObject({ name: "initial", id: "a.2" });
      vi.stubGlobal("fetch", async () => new Response(null, { status: 503 }));
      await vi.advanceTimersByTimeAsync(5_000);
      DrivenSource.newest.say("goodbye", { reason });
      await vi.advanceTimersByTimeAsync(5_000);
      expect(states()).toEqual(["connecting", "live", "stale", "polling", "stale"]);
      DrivenSource.newest.say("heartbeat", {}, "a.3");
      expect(states().at(-1)).toBe("live");
    },
  );
});

describe("several topics on one connection", () => {
  it("are named in the address as the server names them", () => {
    expect(pathOf(["stations", "reports?type=scrap", "session/s1"])).toBe(
      "/api/stream?topic=stations&topic=reports%3Ftype%3Dscrap&topic=session%2Fs1",
    );
  });

  it("have an `initial` each when they are polled, as they have on the stream", async () => {
    const topics = [
      { topic: "stations", stations: [] },
      { topic: "reports", reports: [{ id: "r" }] },
    ];
    const all = { offset: 7, position: "a.7", serverTime: "2026-11-24T06:00:00.000Z", topics };
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify(all)));
    read();
    DrivenSource.newest.fail();
    await vi.advanceTimersByTimeAsync(1_000);
    DrivenSource.newest.fail();
    await vi.advanceTimersByTimeAsync(10);
    const told = heard.flatMap((message) => (message.type === "event" ? [message] : []));
    expect(told.map(({ name, data }) => [name, data])).toEqual([
      ["initial", { offset: 7, position: "a.7", serverTime: all.serverTime, topic: "stations", stations: [] }],
      ["initial", { offset: 7, position: "a.7", serverTime: all.serverTime, topic: "reports", reports: [{ id: "r" }] }],
    ]);
  });
});

describe("a connection that leads nowhere", () => {
  it("is given up after 15 s without an answer, so that polling begins long before silence would tell", () => {
    read();
    vi.advanceTimersByTime(14_000);
    expect(states()).toEqual(["connecting"]);
    vi.advanceTimersByTime(1_500);
    expect(states()).toEqual(["connecting", "stale"]);
    expect(DrivenSource.opened[0]?.isClosed).toBe(true);
  });

  it("may take its time once it was answered", () => {
    read();
    DrivenSource.newest.dispatchEvent(new Event("open"));
    vi.advanceTimersByTime(40_000);
    expect(states()).toEqual(["connecting"]);
  });

  it("is asked for ever later by who is sent away each time", () => {
    read(0.9999);
    const waits: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      const opened = DrivenSource.opened.length;
      DrivenSource.newest.say("goodbye", { reason: "busy" });
      const began = Date.now();
      while (DrivenSource.opened.length === opened) vi.advanceTimersByTime(100);
      waits.push(Math.round((Date.now() - began) / 1_000));
    }
    expect(waits).toEqual([2, 4, 8, 16, 30, 30]);
  });
});

it("does not take a hidden page, which is given few looks, for a machine that slept", () => {
  read();
  DrivenSource.newest.say("initial", {}, "a.1");
  for (let minute = 0; minute < 5; minute += 1) {
    // The timers stood still for a minute, the stream did not.
    vi.setSystemTime(Date.now() + 60_000);
    DrivenSource.newest.say("heartbeat", {}, "a.2");
    vi.advanceTimersByTime(1_000);
  }
  expect(DrivenSource.opened).toHaveLength(1);
});
