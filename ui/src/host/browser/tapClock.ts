/**
 * This page's clocks: what they say at a tap, since when it has been running without a break, and what the server's
 * clock said when it was heard. The last is kept, so that the taps of a page that is gone can still be told.
 */
import { agree, type Heard, type Moment, type Tap, type TapTime, timeOfTap, withHeard } from "../../state/tapTime";
import type { Store } from "./store";

/** How often it is looked whether the page still runs (ms). */
const LOOKS = 10_000;
/** A page that did not run for so long was frozen; a hidden one runs once a minute (ms). */
const BREAK = 120_000;

export class TapClock {
  #heard: Heard[] = [];
  #seen: Moment;
  /** Since when it has been running, on the page's own clock (ms). */
  #runningSince: number;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly store: Store,
    readonly page: string,
  ) {
    this.#seen = this.#now();
    this.#runningSince = this.#seen.upAt;
    this.#timer = setInterval(() => this.look(), LOOKS);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Notices that the page did not run for a while: the machine slept, or the browser froze it. */
  look(): void {
    const now = this.#now();
    if (!agree(now, this.#seen) || now.upAt - this.#seen.upAt > BREAK) this.#runningSince = now.upAt;
    this.#seen = now;
  }

  /** When the server's clock was last heard, on the page's own (ms); null for never. */
  get heardAt(): number | null {
    return this.#heard.at(-1)?.upAt ?? null;
  }

  tap(): Tap {
    this.look();
    return { ...this.#seen, runningFor: this.#seen.upAt - this.#runningSince };
  }

  /** The server's clock said this at a moment `ago` before now (ms). */
  async heard(serverAt: number, ago: number): Promise<void> {
    const { page, wallAt, upAt } = this.#now();
    const moment = { page, wallAt: wallAt - ago, upAt: upAt - ago, serverAt };
    const isNews = !this.#heard.some((known) => agree(known, moment));
    this.#heard = withHeard(this.#heard, moment);
    if (isNews) await this.store.keepHeard(page, this.#heard);
  }

  /** As far as this page knows by now; `offset` from the wall clock to the server's (ms). */
  guess(tap: Tap, offset: number): TapTime {
    return timeOfTap(tap, this.#heard, offset);
  }

  /** Of a tap of any page of this browser. */
  async timeOf(tap: Tap, offset: number): Promise<TapTime> {
    const heard = tap.page === this.page ? this.#heard : await this.store.heardBy(tap.page);
    return timeOfTap(tap, heard, offset);
  }

  #now(): Moment {
    return { page: this.page, wallAt: Date.now(), upAt: performance.now() };
  }
}
