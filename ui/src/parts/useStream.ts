/**
 * A live stream on screen: its data merged, how fresh it is, and the server's clock as it tells it.
 *
 * Reconnecting for ever, the watchdog and polling are the host's; here is only what becomes of the messages.
 * Events are merged once per frame, so that a burst costs one drawing.
 */
import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { StreamMessage, Unsubscribe } from "../host/types";
import { learn, offsetOf, type ServerClock, unknownClock } from "../state/clock";
import { type Heard, nothingHeard } from "../state/freshness";
import type { StreamEvent } from "../state/rows";

export interface Streamed<T> {
  readonly data: T;
  readonly heard: Heard;
  /** Milliseconds to add to this device's clock to have the server's. */
  readonly serverOffset: number;
  /** How often the server said that the right to read is gone: each time it has to be asked who is there. */
  readonly revocations: number;
}

export type Reduce<T> = (data: T, events: readonly StreamEvent[]) => T;

/** Runs what it is given at the next frame; sooner or later also in a hidden page, where there are no frames. */
function nextFrame(run: () => void): void {
  if (document.visibilityState === "visible") requestAnimationFrame(run);
  else setTimeout(run, 250);
}

export class StreamStore<T> {
  #now: Streamed<T>;
  #clock: ServerClock = unknownClock;
  #queue: StreamEvent[] = [];
  #scheduled = false;
  readonly #watchers = new Set<() => void>();

  constructor(
    data: T,
    private readonly reduce: Reduce<T>,
    private readonly schedule: (run: () => void) => void = nextFrame,
  ) {
    this.#now = { data, heard: nothingHeard, serverOffset: 0, revocations: 0 };
  }

  readonly read = (): Streamed<T> => this.#now;

  readonly subscribe = (watcher: () => void): Unsubscribe => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly take = (message: StreamMessage): void => {
    if (message.type === "state") {
      // Another connection begins: what is known is as fresh as it was, until that one says more.
      if (message.state === "connecting" && this.#now.heard.lastAt !== null) return;
      const heard = { ...this.#now.heard, state: message.state, since: message.since };
      this.#publish({ ...this.#now, heard });
      return;
    }
    this.#queue.push(message);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.schedule(() => this.#merge());
  };

  #merge(): void {
    this.#scheduled = false;
    const events = this.#queue;
    this.#queue = [];
    let { revocations } = this.#now;
    let lastAt = this.#now.heard.lastAt;
    for (const { name, data, receivedAt } of events) {
      // A goodbye says nothing of the floor: what is shown is no fresher for it.
      if (name !== "goodbye") lastAt = Math.max(lastAt ?? 0, receivedAt);
      const said = data as { serverTime?: unknown; reason?: unknown } | null;
      if (typeof said?.serverTime === "string") this.#clock = learn(this.#clock, said.serverTime, receivedAt);
      if (name === "goodbye" && said?.reason === "revoked") revocations += 1;
    }
    this.#publish({
      data: this.reduce(this.#now.data, events),
      heard: { ...this.#now.heard, lastAt },
      serverOffset: offsetOf(this.#clock),
      revocations,
    });
  }

  #publish(next: Streamed<T>): void {
    this.#now = next;
    for (const watcher of this.#watchers) watcher();
  }
}

/** Reads a stream for as long as the screen is shown. `subscribe`, `initial` and `reduce` must be stable. */
export function useStream<T>(
  subscribe: (listener: (message: StreamMessage) => void) => Unsubscribe,
  initial: T,
  reduce: Reduce<T>,
): Streamed<T> {
  const store = useMemo(() => new StreamStore(initial, reduce), [initial, reduce]);
  useEffect(() => subscribe(store.take), [subscribe, store]);
  return useSyncExternalStore(store.subscribe, store.read);
}
