/**
 * The tabs of one browser: one session belongs to one of them.
 *
 * A tab that claims a session says so on `worker-session`, and an older one gives it up at once. That is
 * courtesy: whoever does not hear it is told by the server, whose epoch decides.
 */
import type { InstanceId } from "../../generated/InstanceId";
import type { SessionId } from "../../generated/SessionId";

export const CHANNEL = "worker-session";

/** How long a tab may take to answer for its claim (ms). */
const ANSWER = 150;

/** A tab says that a session is its own. */
export interface ClaimTold {
  readonly sessionId: SessionId;
  readonly instanceId: InstanceId;
  /** When it claimed it (ms). */
  readonly timestamp: number;
  /** Which tab: a browser that restores its tabs may give two of them the same claim. */
  readonly tabId: string;
}

type Message =
  | ({ type: "claim" } & ClaimTold)
  /** Is there a tab with this claim? */
  | { type: "ask"; instanceId: InstanceId }
  | { type: "here"; instanceId: InstanceId }
  /** Entries of the shared outbox came or went. */
  | { type: "outbox"; settled: unknown };

export interface TabEvents {
  /** Another tab claims a session. */
  onClaim(claim: ClaimTold): void;
  /** Another tab has sent or added an entry. */
  onOutbox(settled: unknown): void;
  /** The claim this tab holds, to answer for it. */
  held(): InstanceId | null;
}

export class Tabs {
  readonly #channel = new BroadcastChannel(CHANNEL);
  readonly #answered = new Set<InstanceId>();

  constructor(
    readonly id: string,
    private readonly events: TabEvents,
  ) {
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#hear(data);
  }

  announce(sessionId: SessionId, instanceId: InstanceId, timestamp: number): void {
    this.#post({ type: "claim", sessionId, instanceId, timestamp, tabId: this.id });
  }

  tellOutbox(settled: unknown): void {
    this.#post({ type: "outbox", settled });
  }

  /** Whether a living tab holds this claim. */
  async isHeld(instanceId: InstanceId): Promise<boolean> {
    this.#answered.delete(instanceId);
    this.#post({ type: "ask", instanceId });
    await new Promise((resolve) => setTimeout(resolve, ANSWER));
    return this.#answered.has(instanceId);
  }

  close(): void {
    this.#channel.close();
  }

  #post(message: Message): void {
    this.#channel.postMessage(message);
  }

  #hear(message: Message): void {
    if (message.type === "claim") this.events.onClaim(message);
    else if (message.type === "outbox") this.events.onOutbox(message.settled);
    else if (message.type === "here") this.#answered.add(message.instanceId);
    else if (message.type === "ask" && message.instanceId === this.events.held()) {
      this.#post({ type: "here", instanceId: message.instanceId });
    }
  }
}
