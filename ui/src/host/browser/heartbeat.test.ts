import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HeartbeatRequest } from "../../generated/HeartbeatRequest";
import type { Session } from "../../generated/Session";
import type { Answer } from "../../state/retry";
import { Heartbeat } from "./heartbeat";
import type { Claim } from "./store";

const claim = (instanceId: string, epoch = 1): Claim => ({
  instanceId,
  epoch,
  session: { id: "s1" } as Session,
  statusEvent: null,
  endingSeq: null,
  claimedAt: 0,
});
const answer = (nextMs: number): Answer => ({ kind: "ok", body: { ok: true, lease: { ttlMs: 300_000, nextMs } } });

let beats: HeartbeatRequest[];
let next: Answer;
let answered: Answer[];
let heartbeat: Heartbeat;

beforeEach(() => {
  vi.useFakeTimers();
  [beats, answered, next] = [[], [], answer(15_000)];
  heartbeat = new Heartbeat(
    async (body) => {
      beats.push(body);
      return next;
    },
    { onAnswer: (what) => void answered.push(what) },
    () => 0,
  );
});
afterEach(() => {
  heartbeat.stop();
  vi.useRealTimers();
});

describe("the heartbeat", () => {
  it("beats at once, then every 15 s, naming its claim", async () => {
    heartbeat.start(claim("i1", 3));
    await vi.advanceTimersByTimeAsync(0);
    expect(beats).toEqual([{ sessionId: "s1", instanceId: "i1", epoch: 3 }]);
    await vi.advanceTimersByTimeAsync(45_000);
    expect(beats).toHaveLength(4);
  });

  it("keeps the interval that the server gives", async () => {
    next = answer(60_000);
    heartbeat.start(claim("i1"));
    await vi.advanceTimersByTimeAsync(59_000);
    expect(beats).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(beats).toHaveLength(2);
  });

  it("stays away for as long as a busy server asks, and never for longer than a minute", async () => {
    const busy = (retryAfter: number): Answer => ({ kind: "foreign", status: 503, retryAfter });
    next = busy(40_000);
    heartbeat.start(claim("i1"));
    await vi.advanceTimersByTimeAsync(39_000);
    expect(beats).toHaveLength(1);
    next = busy(3_600_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(beats).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(beats).toHaveLength(3);
  });

  it("beats once for all who wait for the first one after an outage", async () => {
    heartbeat.start(claim("i1"));
    await Promise.all([heartbeat.beatFirst(), heartbeat.beatFirst()]);
    expect(beats).toHaveLength(1);
    expect(answered).toHaveLength(1);
  });

  it("goes on through a network that fails", async () => {
    next = { kind: "network" };
    heartbeat.start(claim("i1"));
    await vi.advanceTimersByTimeAsync(150_000);
    expect(beats).toHaveLength(11);
    expect(answered).toHaveLength(11);
  });

  it("is silent once it is stopped, and its last answer counts for nothing", async () => {
    heartbeat.start(claim("i1"));
    heartbeat.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(beats).toHaveLength(1);
    expect(answered).toEqual([]);
  });

  it("beats for the new claim when one replaces the other on its way", async () => {
    heartbeat.start(claim("i1"));
    heartbeat.start(claim("i2", 2));
    await vi.advanceTimersByTimeAsync(0);
    expect(beats.map(({ instanceId }) => instanceId)).toEqual(["i1", "i2"]);
    expect(answered).toHaveLength(1);
  });

  it("says goodbye with a beacon of plain text that prolongs nothing", async () => {
    const beacon = vi.fn((_url: string, _body: Blob) => true);
    vi.stubGlobal("navigator", { sendBeacon: beacon });
    heartbeat.start(claim("i1", 2));
    heartbeat.sayClosing();
    const [url, blob] = beacon.mock.calls[0] ?? [];
    expect(url).toBe("/api/sessions/heartbeat");
    expect(blob?.type).toBe("text/plain");
    expect(JSON.parse((await blob?.text()) ?? "")).toEqual({
      sessionId: "s1",
      instanceId: "i1",
      epoch: 2,
      closing: true,
    });
    vi.unstubAllGlobals();
  });
});
