import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { soon } from "../../app/soon";
import type { Problem } from "../../generated/Problem";
import type { Session } from "../../generated/Session";
import type { Answer } from "../../state/retry";
import { Outbox, PARK, PATIENCE, request, type Settled } from "./outbox";
import { type Draft, type Entry, Store } from "./store";

const tappedNow = () => new Date().toISOString();
const draft = (n: number, wallAt = tappedNow()): Draft => ({
  path: "/api/status-events",
  body: {
    sessionId: "s1",
    statusDefinitionId: `status-${n}`,
    action: { instanceId: "i1", epoch: 1, occurredAt: `2026-11-24T06:00:0${n}.000Z`, wallAt },
  },
  kind: "status",
  tap: { page: "p1", wallAt: Date.parse(wallAt), upAt: 1_000, runningFor: 1_000 },
  effect: null,
  ends: false,
  workerId: "w1",
});
const ok: Answer = { kind: "ok", body: { outcome: "applied" } };
const STATUS: Partial<Record<Problem["code"], number>> = {
  UNAVAILABLE: 503,
  RATE_LIMITED: 429,
  UNKNOWN: 507,
  UNAUTHENTICATED: 401,
  INTERNAL: 500,
  INVALID_PAYLOAD: 400,
};
const problem = (code: Problem["code"], more: object = {}): Answer => ({
  kind: "problem",
  problem: { type: "", title: "", status: STATUS[code] ?? 409, detail: "", code, ...more },
  retryAfter: null,
});

const timeOf = async () => ({ occurredAt: "2026-11-24T06:00:09.000Z", clock: "synced" as const });

let store: Store;
let sent: Entry[];
let settled: Settled[];
let holds: Array<string | null>;
let disks: boolean[];
let answers: Answer[];
/** Who stands here. */
let worker: string | null;
let outbox: Outbox;

function openOutbox(answer = (_entry: Entry) => answers.shift() ?? ok, chance = 0): Outbox {
  return new Outbox(
    store,
    async (entry) => {
      sent.push(structuredClone(entry));
      return answer(entry);
    },
    {
      ready: async () => true,
      timeOf,
      worker: () => worker,
      unsaid: () => undefined,
      onSettled: async (what) => void settled.push(what),
      onHold: (hold) => void holds.push(hold?.code ?? null),
      onDisk: (works) => void disks.push(works),
      onRenumbered: async () => {},
    },
    "p1",
    () => chance,
  );
}

beforeEach(async () => {
  vi.stubGlobal("indexedDB", new IDBFactory());
  store = await Store.open();
  [sent, settled, holds, disks, answers] = [[], [], [], [], []];
  worker = "w1";
  outbox = openOutbox();
});
afterEach(() => {
  outbox.close();
  store.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const seqs = () => sent.map(({ seq }) => seq);

describe("the browser's outbox", () => {
  it("draws numbers one by one, also when two tabs ask at once", async () => {
    const other = await Store.open();
    const entries = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => (n % 2 ? store : other).append(draft(n))));
    expect(entries.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const { seq, body } of entries) expect(body.action.seq).toBe(seq);
    other.close();
  });

  it("keeps what was tapped when the page is gone, and sends it from the next", async () => {
    await store.append(draft(1));
    store.close();
    store = await Store.open();
    outbox = openOutbox();
    outbox.kick();
    await soon(() => expect(settled).toHaveLength(1));
    expect(sent[0]?.body).toMatchObject({ statusDefinitionId: "status-1", action: { seq: 1 } });
    expect(await store.waiting()).toEqual([]);
  });

  it("sends in order, one at a time", async () => {
    for (const n of [1, 2, 3]) await store.append(draft(n));
    outbox.kick();
    outbox.kick();
    await soon(() => expect(settled).toHaveLength(3));
    expect(seqs()).toEqual([1, 2, 3]);
  });

  it("tries the same entry again, to the letter, for ever, and lets nothing overtake it", async () => {
    await store.append(draft(1));
    await store.append(draft(2));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    answers = [
      { kind: "network" },
      { kind: "foreign", status: 502, retryAfter: null },
      problem("UNAVAILABLE"),
      problem("RATE_LIMITED"),
      problem("UNKNOWN"),
      { kind: "foreign", status: 200, retryAfter: null },
    ];
    outbox.kick();
    for (let n = 0; n < 400 && settled.length < 2; n += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(seqs()).toEqual([1, 1, 1, 1, 1, 1, 1, 2]);
    expect(new Set(sent.slice(0, 7).map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  it("ends an entry with a rule of the trade and goes on with the next", async () => {
    await store.append(draft(1));
    await store.append(draft(2));
    answers = [problem("STATUS_NOT_ALLOWED"), ok];
    outbox.kick();
    await soon(() => expect(settled).toHaveLength(2));
    expect(settled[0]).toMatchObject({ done: false, problem: { code: "STATUS_NOT_ALLOWED" } });
    expect(settled[1]).toMatchObject({ done: true });
    expect(await store.waiting()).toEqual([]);
  });

  it("stands still when the kiosk lost its right, says so, and goes on when it has it back", async () => {
    await store.append(draft(1));
    answers = [problem("UNAUTHENTICATED")];
    outbox.kick();
    await soon(() => expect(holds).toEqual(["UNAUTHENTICATED"]));
    expect(await store.waiting()).toHaveLength(1);
    outbox.kick();
    await soon(() => expect(settled).toHaveLength(1));
    expect(holds.at(-1)).toBeNull();
  });

  it("takes new numbers above those the server has, in the same order", async () => {
    await store.append(draft(1));
    await store.append(draft(2));
    answers = [problem("SEQ_REUSED", { lastSeq: 40 })];
    outbox.kick();
    await soon(() => expect(settled).toHaveLength(2));
    expect(sent.map(({ seq, body }) => [seq, body.statusDefinitionId])).toEqual([
      [1, "status-1"],
      [41, "status-1"],
      [42, "status-2"],
    ]);
    expect((await store.append(draft(3))).seq).toBe(43);
  });

  it("parks what was refused with nobody there, with its own bytes, and goes on", async () => {
    await store.append(draft(1, new Date(Date.now() - 61_000).toISOString()));
    await store.append(draft(2));
    answers = [problem("STATUS_NOT_ALLOWED"), ok, ok];
    outbox.kick();
    await soon(() => expect(settled).toHaveLength(2));
    expect(settled[0]).toMatchObject({ done: false, parked: true, problem: { code: "STATUS_NOT_ALLOWED" } });
    const [tapped, parked] = sent.map((entry) => request(entry));
    expect(parked).toMatchObject({ path: PARK, body: { seq: 1, path: tapped?.path, body: tapped?.body } });
    expect(parked?.body).toMatchObject({ problem: { code: "STATUS_NOT_ALLOWED" } });
    expect(seqs()).toEqual([1, 1, 2]);
  });

  it("parks what was refused with another worker there: it is not for him to be told", async () => {
    await store.append(draft(1));
    worker = "w2";
    answers = [problem("STATUS_NOT_ALLOWED"), ok];
    outbox.kick();
    await soon(() => expect(settled).toHaveLength(1));
    expect(settled[0]).toMatchObject({ parked: true });
  });

  it.each(["stamp", "settle"] as const)("says that the disk fails at `%s`, and goes on by itself", async (write) => {
    const tapped = draft(1);
    const { instanceId, epoch } = tapped.body.action;
    await store.append({ ...tapped, body: { ...tapped.body, action: { instanceId, epoch } } });
    await store.append(draft(2));
    vi.spyOn(store, write).mockRejectedValueOnce(new DOMException("full", "QuotaExceededError"));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    outbox.kick();
    const pass = async (seconds: number) => {
      for (let n = 0; n < seconds; n += 1) {
        await vi.advanceTimersByTimeAsync(1_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await pass(20);
    expect([disks, settled]).toEqual([[false], []]);
    await pass(40);
    expect(settled.map(({ entry, done }) => [entry.seq, done])).toEqual([
      [1, true],
      [2, true],
    ]);
    expect(disks).toEqual([false, true, true]);
    expect(new Set(sent.filter(({ seq }) => seq === 1).map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  it.each(["INTERNAL", "INVALID_PAYLOAD"] as const)(
    "parks what gets %s for ten minutes, and not before",
    async (code) => {
      await store.append(draft(1));
      await store.append(draft(2));
      const began = Date.now();
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
      let parkedAt = 0;
      outbox = openOutbox((entry) => {
        if (entry.problem) parkedAt ||= Date.now();
        return entry.seq === 1 && !entry.problem ? problem(code) : ok;
      }, 1);
      outbox.kick();
      for (let n = 0; n < 2_000 && settled.length < 2; n += 1) {
        await vi.advanceTimersByTimeAsync(1_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(settled.map(({ entry, done }) => [entry.seq, done])).toEqual([
        [1, false],
        [2, true],
      ]);
      expect(parkedAt - began).toBeGreaterThanOrEqual(PATIENCE);
      expect(holds).toContain(code);
      expect(holds.at(-1)).toBeNull();
    },
  );

  it("sends again, to the letter, what a restored server has forgotten, and never what it refused", async () => {
    for (const n of [1, 2, 3]) await store.append(draft(n));
    answers = [ok, problem("STATUS_NOT_ALLOWED"), ok];
    outbox.kick();
    await soon(() => expect(settled).toHaveLength(3));
    const before = sent.map(({ body }) => JSON.stringify(body));
    expect(await store.sendAgain(3, Date.now() + 1)).toBe(0);
    expect(await store.sendAgain(0, Date.now() - 60_000)).toBe(0);
    expect(await store.sendAgain(0, Date.now() + 1)).toBe(2);
    outbox.kick();
    await soon(() => expect(settled).toHaveLength(5));
    expect(sent.slice(3).map(({ body }) => JSON.stringify(body))).toEqual([before[0], before[2]]);
    expect(await store.sendAgain(3, Date.now() + 1)).toBe(0);
  });

  it("parks what a restored server refuses the second time, whoever stands there", async () => {
    await store.append(draft(1));
    outbox.kick();
    await soon(() => expect(settled).toHaveLength(1));
    await store.sendAgain(0, Date.now() + 1);
    answers = [problem("SESSION_NOT_FOUND")];
    outbox.kick();
    await soon(() => expect(settled).toHaveLength(2));
    expect(settled[1]).toMatchObject({ parked: true });
  });

  it("keeps what was sent for a fortnight", async () => {
    const now = Date.now();
    await store.append(draft(1));
    await store.append(draft(2));
    await store.settle(1, true, { now });
    await store.settle(2, true, { now: now + 15 * 24 * 3_600_000 });
    expect(await store.sendAgain(0, now + 16 * 24 * 3_600_000)).toBe(1);
  });

  it("tells the time of a tap at its first sending, and never again", async () => {
    const tapped = draft(1);
    const { instanceId, epoch } = tapped.body.action;
    await store.append({ ...tapped, body: { ...tapped.body, action: { instanceId, epoch } } });
    answers = [problem("SEQ_REUSED", { lastSeq: 40 })];
    outbox.kick();
    await soon(() => expect(settled).toHaveLength(1));
    expect(sent.map(({ seq, body }) => [seq, body.action.occurredAt])).toEqual([
      [1, "2026-11-24T06:00:09.000Z"],
      [41, "2026-11-24T06:00:09.000Z"],
    ]);
  });

  it("changes no numbers where what was refused is not there any more", async () => {
    await store.append(draft(1));
    await store.renumber(40, 7);
    expect((await store.waiting()).map(({ seq }) => seq)).toEqual([1]);
  });

  it("takes along, with new numbers, what stands against an entry, what takes one back, and the claim it ends", async () => {
    await store.append(draft(1));
    await store.park(1, { type: "", title: "", status: 422, detail: "", code: "STATUS_NOT_ALLOWED" });
    const takesBack = draft(2);
    await store.append({ ...takesBack, kind: "undo", body: { ...takesBack.body, undoes: 1 } });
    const claim = {
      instanceId: "i1",
      epoch: 1,
      session: {} as Session,
      statusEvent: null,
      endingSeq: null,
      claimedAt: 0,
    };
    await store.append({ ...draft(3), ends: true }, claim);
    await store.renumber(40, 1);
    const [first, second] = await store.waiting();
    expect(first).toMatchObject({ seq: 41, problem: { code: "STATUS_NOT_ALLOWED" } });
    expect(second).toMatchObject({ seq: 42, body: { undoes: 41 } });
    expect(await store.claims()).toMatchObject([{ endingSeq: 43 }]);
  });

  it("is sent by one page at a time where the browser has no locks, and by the next once that one is gone", async () => {
    const now = Date.now();
    expect(await store.maySend("p1", now)).toBe(true);
    expect(await store.maySend("p2", now + 1)).toBe(false);
    expect(await store.maySend("p1", now + 15_000)).toBe(true);
    expect(await store.maySend("p2", now + 34_000)).toBe(false);
    expect(await store.maySend("p2", now + 36_000)).toBe(true);
    await store.endSending("p1");
    expect(await store.maySend("p1", now + 37_000)).toBe(false);
    await store.endSending("p2");
    expect(await store.maySend("p1", now + 37_000)).toBe(true);
  });

  it("begins above what the server has seen from this kiosk", async () => {
    await store.raiseSeq(17);
    await store.raiseSeq(5);
    expect((await store.append(draft(1))).seq).toBe(18);
  });
});
