/**
 * A stream that never gives up.
 *
 * A native EventSource ends for good at anything but status 200, and does not know a silent connection from
 * a dead one. So it is created anew after every end, with full jitter; 15 s without an answer or 45 s without a
 * named event count as an end; and since a new one has no memory, it resumes by `?lastEventId=` of the newest id
 * seen. While streams keep failing, the snapshot is asked for every 5 s.
 */
import { backoff } from "../../state/backoff";
import { SILENCE_LIMIT } from "../../state/freshness";
import type { StreamMessage, StreamState, Unsubscribe } from "../types";
import { send } from "./http";

/** Every name that an event of a stream has: a source tells only those that it was asked for. */
const NAMES = [
  "initial",
  "heartbeat",
  "goodbye",
  "insert",
  "update",
  "delete",
  "session_update",
  "status_event",
  "report",
  "change",
  "session_transferred",
  "session_closed",
  "message",
  "config",
] as const;

/** Polling takes over after so many failures in a row. */
const KEEPS_FAILING = 2;
/** ms */
const POLL = 5_000;
/** A server that is there answers at once; what takes longer leads nowhere (ms). */
const OPENING_LIMIT = 15_000;
/** The clock jumps by more than this between two looks when the machine slept (ms). */
const SLEPT = 20_000;
const LOOK = 1_000;

function withQuery(path: string, name: string, value: string): string {
  return `${path}${path.includes("?") ? "&" : "?"}${name}=${encodeURIComponent(value)}`;
}

/** The data of the `initial`s that a snapshot stands for: one, or one per topic. */
function initialsOf(snapshot: object): unknown[] {
  const { topics, ...all } = snapshot as { topics?: unknown };
  return Array.isArray(topics) ? topics.map((topic: object) => ({ ...all, ...topic })) : [snapshot];
}

class StreamReader {
  #source: EventSource | null = null;
  #newestId: string | null = null;
  #failures = 0;
  #state: StreamState | null = null;
  #heardAt = Date.now();
  /** How long nothing may be heard from now on (ms). */
  #limit = OPENING_LIMIT;
  #lookedAt = Date.now();
  #ended = false;
  #reconnect: ReturnType<typeof setTimeout> | undefined;
  #poll: ReturnType<typeof setTimeout> | undefined;
  readonly #look = setInterval(() => this.#check(), LOOK);

  constructor(
    private readonly path: string,
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
    this.#limit = OPENING_LIMIT;
    const address = this.#newestId === null ? this.path : withQuery(this.path, "lastEventId", this.#newestId);
    const source = new EventSource(address, { withCredentials: true });
    this.#source = source;
    source.addEventListener("open", () => {
      if (source !== this.#source) return;
      this.#heardAt = Date.now();
      this.#limit = SILENCE_LIMIT;
    });
    for (const name of NAMES) {
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
    this.#limit = SILENCE_LIMIT;
    const id = event.lastEventId === "" ? null : event.lastEventId;
    if (name === "goodbye") {
      this.listener({ type: "event", name, id, data, receivedAt: this.#heardAt });
      if ((data as { reason?: unknown } | null)?.reason === "rotate") this.#leave();
      else this.#fail();
      return;
    }
    this.#failures = 0;
    clearTimeout(this.#poll);
    this.#poll = undefined;
    if (id !== null) this.#newestId = id;
    this.#is("live");
    this.listener({ type: "event", name, id, data, receivedAt: this.#heardAt });
  }

  /** This connection is at its end in good order: the next one takes over, and nobody needs to notice. */
  #leave(): void {
    this.#source?.close();
    this.#source = null;
    this.#again(this.chance() * 1_000);
  }

  /** It broke, or the server sent us away. Who is sent away each time comes ever later. */
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
    const silence = now - this.#heardAt;
    // A hidden page is given few looks, but hears its stream all the same: only who heard nothing has slept.
    const slept = now - this.#lookedAt > SLEPT && silence > SLEPT;
    this.#lookedAt = now;
    if (this.#source === null) return;
    if (slept) {
      this.#failures = 0;
      this.#leave();
    } else if (silence >= this.#limit) this.#fail();
  }

  #startPolling(): void {
    this.#poll = setTimeout(() => void this.#ask(), 0);
  }

  async #ask(): Promise<void> {
    const answer = await send(withQuery(this.path, "snapshot", "1"));
    // The stream may have come back, or the reader gone, while this was under way.
    if (this.#ended || this.#poll === undefined) return;
    const receivedAt = Date.now();
    if (answer.kind === "ok" && typeof answer.body === "object" && answer.body !== null) {
      const { position } = answer.body as { position?: unknown };
      if (typeof position === "string") this.#newestId = position;
      // The first answer after a silence: the server is back, so the stream need not wait out its delay.
      if (this.#state !== "polling" && this.#source === null) this.#again(this.chance() * POLL);
      this.#is("polling");
      for (const data of initialsOf(answer.body))
        this.listener({ type: "event", name: "initial", id: this.#newestId, data, receivedAt });
    } else {
      this.#is("stale");
      // A native EventSource can't see a 401; this is where it comes to light.
      if (answer.kind === "problem" && answer.problem.code === "UNAUTHENTICATED")
        this.listener({ type: "event", name: "goodbye", id: null, data: { reason: "revoked" }, receivedAt });
    }
    this.#poll = setTimeout(() => void this.#ask(), POLL);
  }
}

/** Reads a stream for ever. */
export function readStream(
  path: string,
  listener: (message: StreamMessage) => void,
  chance: () => number = Math.random,
): Unsubscribe {
  const reader = new StreamReader(path, listener, chance);
  return () => reader.end();
}

/** The address of one connection that carries all of these topics. */
export function pathOf(topics: readonly string[]): string {
  return `/api/stream?${topics.map((topic) => `topic=${encodeURIComponent(topic)}`).join("&")}`;
}
