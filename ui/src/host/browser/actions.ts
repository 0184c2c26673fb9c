/** What the worker taps: on disk before it is called saved, and followed to its end. */
import type { ActionAnswer } from "../../generated/ActionAnswer";
import type { ActionKind } from "../../generated/ActionKind";
import type { ActionState } from "../../generated/ActionState";
import type { Problem } from "../../generated/Problem";
import type { UndoKind } from "../../generated/UndoKind";
import type { Unsaid } from "../../generated/Unsaid";
import { diskless, type Knowledge, refusal } from "./knowledge";
import { Outbox, REOPEN, request, type Settled, UNDO } from "./outbox";
import type { Ownership } from "./ownership";
import type { Draft, Effect, Entry, Store } from "./store";
import type { Tabs } from "./tabs";
import type { TapClock } from "./tapClock";
import { reverse, sessionOnTop } from "./view";

/** How long opening a session waits for what is still to be sent (ms). */
const DRAINS_WITHIN = 4_000;
/** For so long the last tap can be taken back (ms). */
export const UNDO_STANDS = 10_000;
/** For so long the strip says what became of the last tap (ms). */
const STRIP_STAYS = 10_000;

const UNDOABLE: ReadonlyMap<ActionKind, UndoKind> = new Map([
  ["status", "status"],
  ["count", "count"],
  ["report", "report"],
]);
/** What leaves the tap before it as it was: that one can still be taken back. */
const BESIDE: ReadonlySet<ActionKind> = new Set(["reason", "approval", "call", "cancelCall", "here", "reopen"]);

/** What is tapped, before it has claim, time and number. */
export interface Tapped {
  readonly kind: ActionKind;
  readonly path: string;
  readonly body?: Record<string, unknown>;
  readonly effect?: Effect;
  readonly ends?: boolean;
}

/** What became of an entry. */
function stateOf(settled: Settled): { state: ActionState; problem: Problem | null } {
  if (settled.done) return { state: (settled.body as ActionAnswer).outcome, problem: null };
  return { state: settled.parked ? "parked" : "refused", problem: settled.problem };
}

function noticeOf(problem: Problem | null) {
  return problem && { code: problem.code, detail: problem.detail };
}

export class Actions {
  readonly #outbox: Outbox;
  /** Outages that are over, with all that follows from it. */
  #outages = 0;
  /** What would take the last tap back. */
  #takesBack: { seq: number; effect: Effect } | null = null;
  #undoEnds: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store,
    private readonly knowledge: Knowledge,
    private readonly ownership: Ownership,
    private readonly tabs: Tabs,
    private readonly clock: TapClock,
    /** Asks the server for its clock. */
    private readonly askClock: () => Promise<void>,
  ) {
    const post = (entry: Entry) => {
      const { path, body } = request(entry);
      return knowledge.post(path, body);
    };
    this.#outbox = new Outbox(
      store,
      post,
      {
        ready: () => this.#ready(),
        timeOf: ({ tap }) => clock.timeOf(tap, knowledge.now.offset),
        worker: () => knowledge.now.worker?.id ?? null,
        unsaid: (settled) => this.#unsaid(settled),
        onSettled: (settled) => {
          tabs.tellOutbox(settled);
          return this.settled(settled);
        },
        onHold: (hold) => {
          knowledge.set({ hold });
          if (hold?.code === "UNAUTHENTICATED") knowledge.linkIs("refused");
        },
        onDisk: (works) => knowledge.diskIs(works),
        onRenumbered: () => this.#renumbered(),
      },
      clock.page,
    );
  }

  /** The server is there (again). */
  kick(): void {
    this.#outbox.kick();
  }

  close(): void {
    clearTimeout(this.#undoEnds);
    this.#outbox.close();
  }

  async readWaiting(): Promise<void> {
    this.knowledge.set({ waiting: await this.store.waiting() });
  }

  /**
   * After an outage heartbeats come first, so that the server knows who is there before queues are poured into it; and
   * nothing is told by a clock that was learnt before.
   */
  async #ready(): Promise<boolean> {
    const { outages } = this.knowledge;
    const isAway = () => this.knowledge.now.link.state === "offline";
    // A stream may have found it before: it says nothing of the claim.
    if (!isAway() && outages === this.#outages) return true;
    const before = this.clock.heardAt;
    await this.ownership.beatFirst();
    // The answer to a heartbeat tells it, but not where it says no, or where there is nothing to beat for.
    if (this.clock.heardAt === before) await this.askClock();
    if (isAway()) return false;
    this.#outages = outages;
    return true;
  }

  /** Resolves once it is on disk; what the view says afterwards is true. */
  async act({ kind, path, body = {}, effect, ends = false }: Tapped): Promise<void> {
    const claim = this.ownership.running();
    const { instanceId, epoch, session } = claim;
    const before = sessionOnTop(claim, this.knowledge.now.waiting);
    const draft: Draft = {
      path,
      body: { sessionId: session.id, ...body, action: { instanceId, epoch } },
      kind,
      tap: this.clock.tap(),
      effect: effect ?? null,
      ends,
      worker: session.workerName,
      workerId: session.workerId,
    };
    let entry: Entry;
    try {
      entry = await this.store.append(draft, ends ? claim : undefined);
    } catch {
      this.knowledge.diskIs(false);
      throw diskless();
    }
    this.knowledge.diskIs(true);
    if (ends) this.ownership.ending(claim, entry.seq);
    this.knowledge.set({ waiting: [...this.knowledge.now.waiting, entry] });
    if (kind !== "reopen") this.#isLatest(entry, reverse(before, draft.effect ?? {}));
    this.tabs.tellOutbox(null);
    this.#outbox.kick();
  }

  /** When a tap that happens now is, as far as it is known (server's clock). */
  get at(): string {
    return this.clock.guess(this.clock.tap(), this.knowledge.now.offset).occurredAt;
  }

  /** Takes the last tap back. */
  async undo(): Promise<void> {
    const { undo } = this.knowledge.now;
    const takesBack = this.#takesBack;
    if (!undo || takesBack?.seq !== undo.seq) {
      throw refusal("INVALID_STATUS_TRANSITION", 409, "It can't be taken back any more.");
    }
    await this.act({ kind: "undo", path: UNDO, body: { undoes: undo.seq }, effect: takesBack.effect });
  }

  /** The session was closed for want of contact: what waits brings it back, else this does. */
  async reopen(): Promise<void> {
    const { claim, waiting } = this.knowledge.now;
    if (!claim || claim.endingSeq !== null) return;
    if (waiting.some(({ body }) => body.action.instanceId === claim.instanceId)) return this.kick();
    // Since when it is known what the machine did is told together with the time.
    await this.act({ kind: "reopen", path: REOPEN, body: { runningSince: null } });
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
    const { claim } = this.knowledge.now;
    const isOurs = claim?.instanceId === entry.body.action.instanceId;
    const { state, problem } = stateOf(settled);
    if (settled.done) {
      const { session, statusEvent } = settled.body as ActionAnswer;
      if (isOurs && entry.ends) this.knowledge.set({ claim: null });
      else if (isOurs && state === "applied") {
        await this.ownership.update({
          ...claim,
          session: session ?? claim.session,
          statusEvent: statusEvent ?? claim.statusEvent,
        });
      }
    } else if (isOurs && entry.ends) await this.ownership.endRefused(claim);
    await this.#tell(entry, state, problem);
    if (!isOurs) return;
    if (problem) this.ownership.judge(problem, entry.kind);
    // What is late or in quarantine says that the session is no longer this kiosk's: the server knows what became of it.
    else if (state !== "applied" && !entry.ends) this.ownership.doubt();
  }

  async #tell({ seq }: Entry, state: ActionState, problem: Problem | null): Promise<void> {
    const { lastAction, undo, waiting } = this.knowledge.now;
    const isLatest = lastAction?.seq === seq;
    if (undo?.seq === seq && (state === "refused" || state === "parked")) this.#cannotUndo();
    this.knowledge.set({
      waiting: waiting.filter((other) => other.seq !== seq),
      lastAction: isLatest ? { seq, state, problem: noticeOf(problem) } : lastAction,
      unsaid: await this.store.unsaid(),
    });
  }

  /** What is to be kept until somebody has seen it: all but what went well, and what the strip says just now. */
  #unsaid(settled: Settled): Unsaid | undefined {
    const { entry } = settled;
    const { state, problem } = stateOf(settled);
    if (state === "applied" || entry.kind === "reopen") return undefined;
    const isOnStrip =
      this.knowledge.now.lastAction?.seq === entry.seq && Date.now() - (entry.tap?.wallAt ?? 0) < STRIP_STAYS;
    if (isOnStrip && state === "refused") return undefined;
    return {
      seq: entry.seq,
      kind: entry.kind,
      state,
      problem: noticeOf(problem),
      at: entry.body.action.occurredAt ?? new Date(0).toISOString(),
      worker: entry.worker ?? null,
    };
  }

  #isLatest({ seq, kind }: Entry, effect: Effect): void {
    this.knowledge.set({ lastAction: { seq, state: "saved", problem: null } });
    if (BESIDE.has(kind)) return;
    this.#cannotUndo();
    const undoable = UNDOABLE.get(kind);
    if (!undoable) return;
    this.#takesBack = { seq, effect };
    const until = new Date(Date.now() + this.knowledge.now.offset + UNDO_STANDS).toISOString();
    this.knowledge.set({ undo: { seq, kind: undoable, until } });
    this.#undoEnds = setTimeout(() => this.#cannotUndo(), UNDO_STANDS);
  }

  #cannotUndo(): void {
    clearTimeout(this.#undoEnds);
    this.#takesBack = null;
    if (this.knowledge.now.undo) this.knowledge.set({ undo: null });
  }

  /** The numbers that this page knows are others now. */
  async #renumbered(): Promise<void> {
    this.#cannotUndo();
    await this.readWaiting();
    const latest = this.knowledge.now.waiting.at(-1);
    if (latest) this.knowledge.set({ lastAction: { seq: latest.seq, state: "saved", problem: null } });
    await this.ownership.reread();
  }
}
