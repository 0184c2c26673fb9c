/**
 * The claim of this tab: how it gets one, keeps it, finds it again after a reload, and learns that it is gone.
 */
import type { Claimed } from "../../generated/Claimed";
import type { CloseReason } from "../../generated/CloseReason";
import type { HeartbeatAnswer } from "../../generated/HeartbeatAnswer";
import type { InstanceId } from "../../generated/InstanceId";
import type { KioskInitial } from "../../generated/KioskInitial";
import type { Owner } from "../../generated/Owner";
import type { Problem } from "../../generated/Problem";
import type { SessionChanged } from "../../generated/SessionChanged";
import type { SessionClosed } from "../../generated/SessionClosed";
import type { SessionTransferred } from "../../generated/SessionTransferred";
import type { Answer } from "../../state/retry";
import { HEARTBEAT_PATH, Heartbeat } from "./heartbeat";
import { type Knowledge, refusal } from "./knowledge";
import type { Claim, Store } from "./store";
import type { Tabs } from "./tabs";

/** Where a tab finds its own claim again after a reload. */
const OWN_CLAIM = "millrace.instance";

/** How a session was lost. */
type Loss =
  | { kind: "transferred"; kioskName: string | null; at: string | null }
  | { kind: "closed"; reason: CloseReason | null; at: string | null };

export class Ownership {
  readonly #heartbeat: Heartbeat;

  constructor(
    private readonly store: Store,
    private readonly knowledge: Knowledge,
    private readonly tabs: Tabs,
  ) {
    this.#heartbeat = new Heartbeat((body) => knowledge.post(HEARTBEAT_PATH, body), {
      onAnswer: (answer, claim, sentAt) => this.#answered(answer, claim, sentAt),
    });
    window.addEventListener("pagehide", () => this.#heartbeat.sayClosing());
    window.addEventListener("pageshow", () => this.#heartbeat.beatNow());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.#heartbeat.beatNow();
    });
  }

  close(): void {
    this.#heartbeat.stop();
  }

  /** This tab's claim from before a reload, or one whose tab is gone. */
  async find(): Promise<Claim | null> {
    const claims = (await this.store.claims()).filter(({ endingSeq }) => endingSeq === null);
    const own = sessionStorage.getItem(OWN_CLAIM);
    const isOwn = ({ instanceId }: Claim) => Number(instanceId === own);
    claims.sort((a, b) => isOwn(b) - isOwn(a) || b.claimedAt - a.claimedAt);
    for (const claim of claims) {
      // A duplicated tab brings its twin's session storage along; the twin answers.
      if (!(await this.tabs.isHeld(claim.instanceId))) return claim;
    }
    return null;
  }

  /** The claim of a running session; refuses where there is none. */
  running(): Claim {
    const { claim } = this.knowledge.now;
    if (!claim || claim.endingSeq !== null) throw refusal("SESSION_NOT_ACTIVE", 410, "No session is running here.");
    return claim;
  }

  /** Takes what the server granted. On disk before it is used. */
  async take({ session, epoch, lastSeq }: Claimed, instanceId: InstanceId): Promise<void> {
    const before = this.knowledge.now.claim;
    const claim: Claim = { instanceId, epoch, session, statusEvent: null, endingSeq: null, claimedAt: Date.now() };
    await this.store.raiseSeq(lastSeq);
    await this.store.keepClaim(claim);
    if (before && before.endingSeq === null) await this.store.dropClaim(before.instanceId);
    this.knowledge.set({ claim, resumable: null, ended: null, lastAction: null });
    this.hold(claim);
  }

  /** Tells the other tabs, and beats from now on. */
  hold(claim: Claim): void {
    sessionStorage.setItem(OWN_CLAIM, claim.instanceId);
    this.tabs.announce(claim.session.id, claim.instanceId, claim.claimedAt);
    this.#heartbeat.start(claim);
  }

  /** The claim as it is now, here and on disk. */
  async update(claim: Claim): Promise<void> {
    await this.store.keepClaim(claim);
    this.knowledge.set({ claim });
  }

  /** The session is being ended here: nothing is prolonged any more. */
  ending(claim: Claim, endingSeq: number): void {
    this.#heartbeat.stop();
    this.knowledge.set({ claim: { ...claim, endingSeq } });
  }

  /** The end was refused: it runs on. */
  async endRefused(claim: Claim): Promise<void> {
    await this.update({ ...claim, endingSeq: null });
    this.#heartbeat.start(claim);
  }

  /** Another tab says that it claims a session. */
  claimedElsewhere({
    sessionId,
    instanceId,
    timestamp,
  }: {
    sessionId: string;
    instanceId: string;
    timestamp: number;
  }): void {
    const { claim, offset, identity } = this.knowledge.now;
    // The later claim wins; where two are made at once, the server's epoch decides in any case.
    if (claim?.session.id !== sessionId || claim.instanceId === instanceId || timestamp < claim.claimedAt) return;
    const kioskName = identity?.name ?? null; // All tabs of a browser are one kiosk.
    this.#lose({ kind: "transferred", kioskName, at: new Date(timestamp + offset).toISOString() });
  }

  /** Gives the session up where this problem says that it is no longer ours. */
  judge(problem: Problem): void {
    if (problem.code === "INSTANCE_MISMATCH") {
      const { owner } = problem as Problem & { owner?: Owner };
      this.#lose({ kind: "transferred", kioskName: owner?.kioskName ?? null, at: owner?.since ?? null });
    } else if (problem.code === "SESSION_NOT_ACTIVE" || problem.code === "SESSION_NOT_FOUND") {
      const { reason } = problem as Problem & { reason?: CloseReason };
      this.#lose({ kind: "closed", reason: reason ?? null, at: null });
    } else if (problem.code === "UNAUTHENTICATED") this.knowledge.linkIs("refused");
  }

  /** An event of the kiosk's own stream. */
  streamed(name: string, data: unknown): void {
    const { claim } = this.knowledge.now;
    if (!claim) return;
    if (name === "initial") {
      const { session, epoch } = data as KioskInitial;
      const isOurs = session?.id === claim.session.id && epoch === claim.epoch;
      if (isOurs && session.version >= claim.session.version) this.knowledge.set({ claim: { ...claim, session } });
      // Another tab's session, or none: the answer to a heartbeat says what became of ours.
      if (!isOurs) this.#heartbeat.beatNow();
    } else if (name === "session_update") {
      const { session } = data as SessionChanged;
      if (session.id === claim.session.id && session.version >= claim.session.version)
        this.knowledge.set({ claim: { ...claim, session } });
    } else if (name === "session_transferred") {
      const { sessionId, epoch, kioskName, at } = data as SessionTransferred;
      if (sessionId === claim.session.id && epoch > claim.epoch) this.#lose({ kind: "transferred", kioskName, at });
    } else if (name === "session_closed") {
      const { sessionId, reason, at } = data as SessionClosed;
      if (sessionId === claim.session.id) this.#lose({ kind: "closed", reason, at });
    }
  }

  #answered(answer: Answer, claim: Claim, sentAt: number): void {
    if (answer.kind === "ok") {
      const { serverTime, lastSeq } = answer.body as HeartbeatAnswer;
      this.knowledge.learnOffset(serverTime, sentAt);
      this.knowledge.seen(lastSeq, sentAt).catch(() => {
        // The disk failed, or the page is going: the next heartbeat's answer says the same.
      });
    } else if (answer.kind === "problem" && claim.instanceId === this.knowledge.now.claim?.instanceId) {
      this.judge(answer.problem);
    }
  }

  #lose(loss: Loss): void {
    const { claim, waiting } = this.knowledge.now;
    if (!claim) return;
    this.#heartbeat.stop();
    void this.store.dropClaim(claim.instanceId);
    const sessionId = claim.session.id;
    const left = waiting.filter(({ body }) => body.sessionId === sessionId).length;
    // A session that was ended here and is found closed is not lost: that was the wish.
    const ended = claim.endingSeq === null ? { ...loss, sessionId, waiting: left } : null;
    this.knowledge.set({ claim: null, ended, resumable: null });
  }
}
