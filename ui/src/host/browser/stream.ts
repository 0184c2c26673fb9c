/**
 * A stream that never gives up.
 *
 * A native EventSource ends for good at anything but status 200, and does not know a silent connection from
 * a dead one. So it is created anew after every end, with full jitter; 45 s without a named event count as
 * an end; and since a new one has no memory, it resumes by `?lastEventId=` of the newest id seen. While
 * streams keep failing, the snapshot is asked for every 5 s.
 */
import { backoff } from "../../state/backoff";
import { SILENCE_LIMIT } from "../../state/freshness";
import type { StreamMessage, StreamState, Unsubscribe } from "../types";
import { send } from "./http";

/** Polling takes over after so many failures in a row. */
const KEEPS_FAILING = 2;
/** ms */
const POLL = 5_000;
/** The clock jumps by more than this between two looks when the machine slept (ms). */
const SLEPT = 20_000;
const LOOK = 5_000;

function withQuery(path: string, name: string, value: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}${name}=${encodeURIComponent(value)}`;
}

class StreamReader {
  #source: EventSource | null = null;
  #newestId: string | null = null;
  #failures = 0;
  #state: StreamState | null = null;
  #heardAt = Date.now();
  #lookedAt = Date.now();
  #ended = false;
  #reconnect: ReturnType<typeof setTimeout> | undefined;
  #poll: ReturnType<typeof setTimeout> | undefined;
  readonly #look = setInterval(() => this.#check(), LOOK);

  constructor(
    private readonly path: string,
    private readonly names: readonly string[],
    private readonly listener: (message: StreamMessage) => void,
    private readonly chance: () => number,
  ) {
    this.#is("connecting");
    this.#connect();
  }

  end(): void {
    this.#ended = true;
    clearInterval(this.#look);
    clearTimeout(this.#reconnect);
    clearTimeout(this.#poll);
    this.#source?.close();
  }

  #is(state: StreamState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.listener({ type: "state", state, since: Date.now() });
  }

  #connect(): void {
    if (this.#ended) return;
    this.#heardAt = Date.now();
    const address = this.#newestId === null ? this.path : withQuery(this.path, "lastEventId", this.#newestId);
    const source = new EventSource(address, { withCredentials: true });
    this.#source = source;
    for (const name of this.names) {
      source.addEventListener(name, (event) => {
        if (source === this.#source) this.#hear(name, event as MessageEvent<string>);
      });
    }
    source.addEventListener("error", () => {
      // Also what it calls a retry of its own: it would wait as long as it likes, and forget nothing of ours.
      if (source === this.#source) this.#fail();
    });
  }

  #hear(name: string, event: MessageEvent<string>): void {
    let data: unknown;
    try {
      data = JSON.parse(event.data);
    } catch {
      return; // Not ours; the watchdog judges a stream that sends nothing else.
    }
    this.#heardAt = Date.now();
    this.#failures = 0;
    clearTimeout(this.#poll);
    this.#poll = undefined;
    const id = event.lastEventId === "" ? null : event.lastEventId;
    if (id !== null) this.#newestId = id;
    this.#is("live");
    this.listener({ type: "event", name, id, data, receivedAt: this.#heardAt });
    if (name === "goodbye") this.#leave((data as { reason?: unknown } | null)?.reason === "rotate");
  }

  /** The server ends this connection in good order. */
  #leave(atOnce: boolean): void {
    this.#source?.close();
    this.#source = null;
    this.#again(atOnce ? this.chance() * 1_000 : backoff(0, this.chance()));
  }

  #fail(): void {
    this.#source?.close();
    this.#source = null;
    this.#again(backoff(this.#failures, this.chance()));
    this.#failures += 1;
    if (this.#poll === undefined) this.#is("stale");
    if (this.#failures >= KEEPS_FAILING && this.#poll === undefined) this.#startPolling();
  }

  #again(delay: number): void {
    clearTimeout(this.#reconnect);
    this.#reconnect = setTimeout(() => this.#connect(), delay);
  }

  /** Silence, and time that has jumped, are ends that no event tells. */
  #check(): void {
    const now = Date.now();
    const slept = now - this.#lookedAt > SLEPT;
    this.#lookedAt = now;
    if (this.#source === null) return;
    if (slept) {
      this.#failures = 0;
      this.#leave(true);
    } else if (now - this.#heardAt > SILENCE_LIMIT) this.#fail();
  }

  #startPolling(): void {
    this.#poll = setTimeout(() => void this.#ask(), 0);
  }

  async #ask(): Promise<void> {
    const answer = await send(withQuery(this.path, "snapshot", "1"));
    // The stream may have come back, or the reader gone, while this was under way.
    if (this.#ended || this.#poll === undefined) return;
    const receivedAt = Date.now();
    if (answer.kind === "ok" && answer.body !== null) {
      const { position } = answer.body as { position?: unknown };
      if (typeof position === "string") this.#newestId = position;
      // The first answer after a silence: the server is back, so the stream need not wait out its delay.
      if (this.#state !== "polling" && this.#source === null) this.#again(this.chance() * POLL);
      this.#is("polling");
      this.listener({ type: "event", name: "initial", id: this.#newestId, data: answer.body, receivedAt });
    } else if (answer.kind === "problem" && answer.problem.code === "UNAUTHENTICATED") {
      // A native EventSource can't see a 401; this is where it comes to light.
      this.listener({ type: "event", name: "goodbye", id: null, data: { reason: "revoked" }, receivedAt });
    } else this.#is("stale");
    this.#poll = setTimeout(() => void this.#ask(), POLL);
  }
}

/** Reads a stream for ever. `names` are its events besides `initial`, `heartbeat` and `goodbye`, which all have. */
export function readStream(
  path: string,
  names: readonly string[],
  listener: (message: StreamMessage) => void,
  chance: () => number = Math.random,
): Unsubscribe {
  const reader = new StreamReader(path, ["initial", "heartbeat", "goodbye", ...names], listener, chance);
  return () => reader.end();
}
