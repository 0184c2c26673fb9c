/**
 * Sends what waits: in order, one at a time, for as long as it takes.
 *
 * Several tabs may try. Where the browser has locks one of them sends; where it has none they may send the
 * same entry twice, which is harmless: the body is the same to the letter, and the server answers a repeat
 * with the answer it gave before.
 */
import type { Notice } from "../../generated/Notice";
import type { Problem } from "../../generated/Problem";
import { backoff } from "../../state/backoff";
import { type Answer, judge } from "../../state/retry";
import type { Entry, Store } from "./store";

export type Settled = { entry: Entry } & ({ done: true; body: unknown } | { done: false; problem: Problem });

export interface OutboxEvents {
  /** An entry has come to its end. */
  onSettled(settled: Settled): Promise<void>;
  /** The queue stands still for this reason; null when it moves again. */
  onHold(hold: Notice | null): void;
  /** Entries have new numbers. */
  onRenumbered(): Promise<void>;
}

/** How long to wait before a held queue is tried again by itself (ms). */
const HELD = 30_000;

async function alone(run: () => Promise<void>): Promise<void> {
  // Only a page served over HTTPS, or from this machine, has locks.
  const locks = navigator.locks as LockManager | null | undefined;
  if (!locks) return run();
  await locks.request("millrace-outbox", run);
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
    alone(() => this.#drain())
      .catch(() => {
        // The disk failed while reading the queue. What is there stays there; the next kick tries again.
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

  async #drain(): Promise<void> {
    let failures = 0;
    while (!this.#closed) {
      const entry = await this.store.first();
      if (!entry) return;
      const verdict = judge(await this.send(entry));
      if (verdict.do === "done" || verdict.do === "refused") {
        failures = 0;
        await this.store.settle(entry.seq);
        this.events.onHold(null);
        await this.events.onSettled(
          verdict.do === "done"
            ? { entry, done: true, body: verdict.body }
            : { entry, done: false, problem: verdict.problem },
        );
      } else if (verdict.do === "renumber") {
        await this.store.renumber(verdict.lastSeq);
        await this.events.onRenumbered();
      } else if (verdict.do === "hold") {
        const { code, detail } = verdict.problem;
        this.events.onHold({ code, detail });
        await this.#pause(HELD);
      } else {
        await this.#pause(backoff(failures, this.chance(), verdict.wait));
        failures += 1;
      }
    }
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
