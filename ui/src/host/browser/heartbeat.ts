/**
 * Keeps the claim of this tab alive: the first beat at once, then at the interval the server gives.
 *
 * A hidden tab's timers are slowed by the browser to one a minute; that is inside the lease, and coming
 * back to sight beats at once. Where that is not enough, the desktop app beats in Rust.
 */
import type { HeartbeatAnswer } from "../../generated/HeartbeatAnswer";
import type { HeartbeatRequest } from "../../generated/HeartbeatRequest";
import type { Answer } from "../../state/retry";
import type { Claim } from "./store";

export const HEARTBEAT_PATH = "/api/sessions/heartbeat";

/** Until the server has named another interval (ms). */
export const INTERVAL = 15_000;

/** The longest wait that a busy server is granted: well inside the lease (ms). */
const LONGEST = 60_000;

/** Each interval is up to this much shorter, so that a hall of kiosks does not beat as one. */
const JITTER = 0.1;

export interface HeartbeatEvents {
  onAnswer(answer: Answer, claim: Claim, sentAt: number): void;
}

export class Heartbeat {
  #claim: Claim | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #beating: Promise<void> | null = null;
  /** Asked for while a beat was under way, whose answer may be older than the doubt. */
  #again = false;

  constructor(
    private readonly send: (body: HeartbeatRequest) => Promise<Answer>,
    private readonly events: HeartbeatEvents,
    private readonly chance: () => number = Math.random,
  ) {}

  /** Beats for this claim from now on. */
  start(claim: Claim): void {
    this.#claim = claim;
    this.beatNow();
  }

  stop(): void {
    this.#claim = null;
    clearTimeout(this.#timer);
  }

  /** Out of turn: after a wake, a return to sight, a doubt. */
  beatNow(): void {
    clearTimeout(this.#timer);
    if (this.#beating) this.#again = true;
    else if (this.#claim) this.#beating = this.#beat(this.#claim);
  }

  /** Beats and waits for the answer: after an outage the server is to know who is there before anything else comes. */
  async beatFirst(): Promise<void> {
    if (!this.#beating) this.beatNow();
    await this.#beating;
  }

  /** The page is going away: contact is lost at once, and nothing is prolonged. */
  sayClosing(): void {
    if (!this.#claim) return;
    const { session, instanceId, epoch } = this.#claim;
    const body: HeartbeatRequest = { sessionId: session.id, instanceId, epoch, closing: true };
    // text/plain: a beacon that asks nobody first.
    navigator.sendBeacon(HEARTBEAT_PATH, new Blob([JSON.stringify(body)], { type: "text/plain" }));
  }

  async #beat(claim: Claim): Promise<void> {
    this.#again = false;
    const sentAt = Date.now();
    const answer = await this.send({ sessionId: claim.session.id, instanceId: claim.instanceId, epoch: claim.epoch });
    this.#beating = null;
    const delay = this.#again ? 0 : this.#interval(answer);
    if (this.#claim) this.#timer = setTimeout(() => this.beatNow(), delay);
    // Stopped or claimed anew while it was under way: its answer is about the past.
    if (this.#claim?.instanceId === claim.instanceId) this.events.onAnswer(answer, claim, sentAt);
  }

  /** Until the next one: as the server wishes, spread so that a hall of kiosks does not beat as one. */
  #interval(answer: Answer): number {
    if (answer.kind === "ok") {
      const wish = (answer.body as HeartbeatAnswer | null)?.lease?.nextMs;
      return (wish !== undefined && wish > 0 ? wish : INTERVAL) * (1 - this.chance() * JITTER);
    }
    const asked = answer.kind === "network" ? null : answer.retryAfter;
    // Not before the time it asks for; a hall that was sent away must not come back as one.
    if (asked !== null && asked > 0) return Math.min(asked, LONGEST) * (1 + this.chance() * JITTER);
    return INTERVAL * (1 - this.chance() * JITTER);
  }
}
