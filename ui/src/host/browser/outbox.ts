/**
 * Sends what waits: in order, one at a time, for as long as it takes.
 *
 * Several tabs may try, and one of them sends: by the browser's locks, or, where it has none, by a lease on the
 * common disk. Should two send the same entry after all, it is harmless: the body is the same to the letter, and the
 * server answers a repeat with the answer it gave before.
 */
import type { Notice } from "../../generated/Notice";
import type { Problem } from "../../generated/Problem";
import type { Unsaid } from "../../generated/Unsaid";
import type { WorkerId } from "../../generated/WorkerId";
import { backoff } from "../../state/backoff";
import { type Answer, judge } from "../../state/retry";
import type { TapTime } from "../../state/tapTime";
import { type Entry, isStamped, type Store } from "./store";

export type Settled = { entry: Entry } & (
  | { done: true; body: unknown }
  /** Against a rule; where it was parked, it lies with the supervisor. */
  | { done: false; problem: Problem; parked: boolean }
);

export interface OutboxEvents {
  /** Whether the server is there and has told its clock: asked before anything is told by it. */
  ready(): Promise<boolean>;
  /** When an entry was tapped, asked at its first sending. */
  timeOf(entry: Entry): Promise<TapTime>;
  /** Who is signed in here now. */
  worker(): WorkerId | null;
  /** What is to be said of this end of an entry later on, where its worker may not see it now. */
  unsaid(settled: Settled): Unsaid | undefined;
  /** An entry has come to its end, on the disk, too. */
  onSettled(settled: Settled): Promise<void>;
  /** The queue stands still for this reason; null when it moves again. */
  onHold(hold: Notice | null): void;
  /** The disk fails, or it works again. */
  onDisk(works: boolean): void;
  /** Entries have new numbers. */
  onRenumbered(): Promise<void>;
}

/** How long to wait before a queue that is held, or whose disk failed, is tried again by itself (ms). */
const HELD = 30_000;
/** For so long an entry that the server fails at is sent again; then it is parked, and the queue goes on (ms). */
export const PATIENCE = 600_000;
/** For so long after a tap somebody counts as standing here (ms). */
const STANDING = 60_000;
/** How soon it is looked again whether the tab that sends has gone (ms). */
const LOOKS = 5_000;
/** Where an entry is parked, where one takes back another, and where a session is brought back. */
export const PARK = "/api/actions/park";
export const UNDO = "/api/actions/undo";
export const REOPEN = "/api/sessions/reopen";

/** What goes out for an entry: its own bytes, or, where it is parked, those with what stands against them. */
export function request({ path, body: kept, seq, problem }: Entry): { path: string; body: unknown } {
  const { sessionId, ...bare } = kept;
  // What is taken back says by itself whose it is.
  const body = path === UNDO ? bare : kept;
  return problem ? { path: PARK, body: { seq, path, body, problem } } : { path, body };
}

/**
 * Whether a refusal may end here: its own worker stands here and can be told, or nobody tapped it. What the server had
 * taken once is nobody's mistake.
 */
function isAttended({ body, kind, again, workerId }: Entry, standing: WorkerId | null): boolean {
  if (kind === "reopen") return true;
  const tappedAt = Date.parse(body.action.wallAt ?? body.action.occurredAt ?? "");
  return again !== true && workerId === standing && Date.now() - tappedAt < STANDING;
}

export class Outbox {
  #running = false;
  #again = false;
  #wake: (() => void) | null = null;
  #closed = false;

  constructor(
    private readonly store: Store,
    private readonly send: (entry: Entry) => Promise<Answer>,
    private readonly events: OutboxEvents,
    private readonly page: string,
    private readonly chance: () => number = Math.random,
  ) {}

  /** Something waits, or the server is back: go on now. */
  kick(): void {
    if (this.#closed) return;
    if (this.#running) {
      this.#again = true;
      this.#wake?.();
      return;
    }
    this.#running = true;
    this.#again = false;
    this.#alone()
      .catch(async () => {
        // The disk failed. What is there stays there; sent again, the same bytes get the same answer.
        this.events.onDisk(false);
        if (!this.#closed) await this.#pause(HELD);
        this.#again = true;
      })
      .finally(() => {
        this.#running = false;
        if (this.#again) this.kick();
      });
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async #alone(): Promise<void> {
    // Only a page served over HTTPS, or from this machine, has locks.
    const locks = navigator.locks as LockManager | null | undefined;
    if (locks) return locks.request("millrace-outbox", () => this.#drain());
    while (!this.#closed && !(await this.store.maySend(this.page, Date.now()))) {
      if ((await this.store.first()) === null) return;
      await this.#pause(LOOKS);
    }
    await this.#drain();
    await this.store.endSending(this.page);
  }

  /** The lease goes on; without one, another tab took over while this one slept. */
  async #goesOn(): Promise<boolean> {
    return !this.#closed && (navigator.locks != null || (await this.store.maySend(this.page, Date.now())));
  }

  async #drain(): Promise<void> {
    let failures = 0;
    let failing = { seq: 0, since: 0 };
    while (await this.#goesOn()) {
      const first = await this.store.first();
      if (!first) return;
      if (!(await this.events.ready())) {
        await this.#pause(backoff(failures, this.chance(), 0));
        failures += 1;
        continue;
      }
      const entry = isStamped(first) ? first : await this.store.stamp(first.seq, await this.events.timeOf(first));
      if (!entry) continue;
      const verdict = judge(await this.send(entry));
      if (verdict.do !== "failing") failing = { seq: 0, since: 0 };
      else if (failing.seq !== entry.seq) failing = { seq: entry.seq, since: Date.now() };

      if (verdict.do === "done") {
        failures = 0;
        await this.#settled(
          entry.problem
            ? { entry, done: false, problem: entry.problem, parked: true }
            : { entry, done: true, body: verdict.body },
        );
      } else if (verdict.do === "refused") {
        failures = 0;
        if (entry.problem || isAttended(entry, this.events.worker())) {
          await this.#settled({ entry, done: false, problem: verdict.problem, parked: false });
        } else await this.store.park(entry.seq, verdict.problem);
      } else if (verdict.do === "renumber") {
        await this.store.renumber(verdict.lastSeq, entry.seq);
        await this.events.onRenumbered();
      } else if (verdict.do === "hold") {
        const { code, detail } = verdict.problem;
        this.events.onHold({ code, detail });
        await this.#pause(HELD);
      } else if (verdict.do === "failing" && !entry.problem && Date.now() - failing.since >= PATIENCE) {
        failures = 0;
        await this.store.park(entry.seq, verdict.problem);
      } else {
        if (verdict.do === "failing")
          this.events.onHold({ code: verdict.problem.code, detail: verdict.problem.detail });
        await this.#pause(backoff(failures, this.chance(), verdict.wait));
        failures += 1;
      }
    }
  }

  async #settled(settled: Settled): Promise<void> {
    const unsaid = this.events.unsaid(settled);
    const isTaken = settled.done || settled.parked;
    await this.store.settle(settled.entry.seq, isTaken, unsaid ? { unsaid } : {});
    this.events.onDisk(true);
    this.events.onHold(null);
    await this.events.onSettled(settled);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
