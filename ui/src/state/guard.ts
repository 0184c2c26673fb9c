/**
 * Against double taps and taps that were meant for the screen before.
 *
 * Only what commits (a status, a send, a sign-in) is guarded; digits and lists are never.
 */

/** The same committing action within this time is one (ms). */
export const SAME_ACTION = 3_000;

/** After a screen change touches count for nothing for so long, and until the finger was up (ms). */
export const SCREEN_SETTLES = 500;

/** Merges the same committing action with the same content. */
export class CommitGuard {
  #key = "";
  #at = Number.NEGATIVE_INFINITY;

  /** Whether this one goes through; false means it was the same again and is merged with the one before. */
  admit(key: string, now: number): boolean {
    if (key === this.#key && now - this.#at < SAME_ACTION) return false;
    this.#key = key;
    this.#at = now;
    return true;
  }

  /** The action failed: trying it again is meant. */
  forget(): void {
    this.#at = Number.NEGATIVE_INFINITY;
  }
}

/** Decides for each finger whether what it does counts. A finger that came down too early counts for nothing until it is up. */
export class ScreenGuard {
  #closedUntil = Number.NEGATIVE_INFINITY;
  readonly #down = new Set<number>();
  readonly #ignored = new Set<number>();

  /** Another screen is shown. */
  changed(now: number): void {
    this.#closedUntil = now + SCREEN_SETTLES;
    for (const pointer of this.#down) this.#ignored.add(pointer);
  }

  /** A finger comes down; returns whether it counts. */
  down(pointer: number, now: number): boolean {
    this.#down.add(pointer);
    if (now < this.#closedUntil) this.#ignored.add(pointer);
    else this.#ignored.delete(pointer);
    return !this.#ignored.has(pointer);
  }

  /** A finger goes up; returns whether its tap counts. */
  up(pointer: number): boolean {
    this.#down.delete(pointer);
    return !this.#ignored.delete(pointer);
  }

  /** Whether taps count again. */
  isOpen(now: number): boolean {
    return now >= this.#closedUntil && this.#ignored.size === 0;
  }
}
