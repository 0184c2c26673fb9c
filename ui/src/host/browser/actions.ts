/** What the worker taps: stamped, on disk before it is called saved, and followed to its end. */
import type { ActionAnswer } from "../../generated/ActionAnswer";
import type { ActionStamp } from "../../generated/ActionStamp";
import type { ActionState } from "../../generated/ActionState";
import type { Problem } from "../../generated/Problem";
import { type Knowledge, refusal } from "./knowledge";
import { Outbox, request, type Settled } from "./outbox";
import type { Ownership } from "./ownership";
import type { Draft, Entry, Store } from "./store";
import type { Tabs } from "./tabs";

/** How long opening a session waits for what is still to be sent (ms). */
const DRAINS_WITHIN = 4_000;

export class Actions {
  readonly #outbox: Outbox;

  constructor(
    private readonly store: Store,
    private readonly knowledge: Knowledge,
    private readonly ownership: Ownership,
    private readonly tabs: Tabs,
  ) {
    const post = (entry: Entry) => {
      const { path, body } = request(entry);
      return knowledge.post(path, body);
    };
    this.#outbox = new Outbox(store, post, {
      onSettled: (settled) => {
        tabs.tellOutbox(settled);
        return this.settled(settled);
      },
      onHold: (hold) => {
        knowledge.set({ hold });
        if (hold?.code === "UNAUTHENTICATED") knowledge.linkIs("refused");
      },
      onRenumbered: () => this.readWaiting(),
    });
  }

  /** The server is there (again). */
  kick(): void {
    this.#outbox.kick();
  }

  close(): void {
    this.#outbox.close();
  }

  async readWaiting(): Promise<void> {
    this.knowledge.set({ waiting: await this.store.waiting() });
  }

  /** The claim and the time of a tap that happens now. */
  stamp(): Omit<ActionStamp, "seq"> {
    const { instanceId, epoch } = this.ownership.running();
    const now = Date.now();
    return {
      instanceId,
      epoch,
      occurredAt: new Date(now + this.knowledge.now.offset).toISOString(),
      wallAt: new Date(now).toISOString(),
      clock: this.knowledge.isSynced ? "synced" : "estimated",
    };
  }

  /** Resolves once it is on disk; what the view says afterwards is true. */
  async act(draft: Draft): Promise<void> {
    const claim = this.ownership.running();
    let entry: Entry;
    try {
      entry = await this.store.append(draft);
      if (draft.ends) await this.store.keepClaim({ ...claim, endingSeq: entry.seq });
    } catch {
      throw refusal("INTERNAL", 500, "This device can't save: its disk is full or closed to this page.");
    }
    if (draft.ends) this.ownership.ending(claim, entry.seq);
    this.knowledge.set({
      waiting: [...this.knowledge.now.waiting, entry],
      lastAction: { seq: entry.seq, state: "saved", problem: null },
    });
    this.tabs.tellOutbox(null);
    this.#outbox.kick();
  }

  /** Until all is sent; refuses where that takes too long. */
  async drained(): Promise<void> {
    const until = Date.now() + DRAINS_WITHIN;
    this.#outbox.kick();
    while (this.knowledge.now.waiting.length > 0) {
      if (Date.now() > until) throw refusal("UNAVAILABLE", 503, "What was entered before has to be sent first.");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** An entry has come to its end, sent by this tab or by another. */
  async settled(settled: Settled): Promise<void> {
    const { entry } = settled;
    const { claim, waiting } = this.knowledge.now;
    const isOurs = claim?.instanceId === entry.body.action.instanceId;
    const rest = waiting.filter(({ seq }) => seq !== entry.seq);
    if (settled.done) {
      const { outcome, session, statusEvent } = settled.body as ActionAnswer;
      if (entry.ends) await this.store.dropClaim(entry.body.action.instanceId);
      if (isOurs && entry.ends) this.knowledge.set({ claim: null });
      else if (isOurs && outcome === "applied") {
        await this.ownership.update({
          ...claim,
          session: session ?? claim.session,
          statusEvent: statusEvent ?? claim.statusEvent,
        });
      }
      this.#tell(rest, entry.seq, outcome, null);
    } else {
      if (isOurs && entry.ends) await this.ownership.endRefused(claim);
      this.#tell(rest, entry.seq, settled.parked ? "parked" : "refused", settled.problem);
      if (isOurs) this.ownership.judge(settled.problem);
    }
  }

  #tell(waiting: readonly Entry[], seq: number, state: ActionState, problem: Problem | null): void {
    const { lastAction } = this.knowledge.now;
    const notice = problem && { code: problem.code, detail: problem.detail };
    const isLatest = lastAction?.seq === seq;
    this.knowledge.set({ waiting, lastAction: isLatest ? { seq, state, problem: notice } : lastAction });
  }
}
