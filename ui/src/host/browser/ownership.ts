/**
 * The claim of this tab: how it gets one, keeps it, finds it again after a reload, and learns that it is gone.
 */

import type { ActionKind } from "../../generated/ActionKind";
import type { Claimed } from "../../generated/Claimed";
import type { CloseReason } from "../../generated/CloseReason";
import type { Ended } from "../../generated/Ended";
import type { HeartbeatAnswer } from "../../generated/HeartbeatAnswer";
import type { InstanceId } from "../../generated/InstanceId";
import type { KioskInitial } from "../../generated/KioskInitial";
import type { Message } from "../../generated/Message";
import type { MessageTold } from "../../generated/MessageTold";
import type { Notice } from "../../generated/Notice";
import type { Owner } from "../../generated/Owner";
import type { Problem } from "../../generated/Problem";
import type { SessionChanged } from "../../generated/SessionChanged";
import type { SessionClosed } from "../../generated/SessionClosed";
import type { SessionTransferred } from "../../generated/SessionTransferred";
import type { Answer } from "../../state/retry";
import { HEARTBEAT_PATH, Heartbeat } from "./heartbeat";
import { type Knowledge, refusal } from "./knowledge";
import type { Claim, Store } from "./store";
import type { ClaimTold, Tabs } from "./tabs";

/** Where a tab finds its own claim again after a reload, and how it lost the one before. */
const OWN_CLAIM = "millrace.instance";
const ENDED = "millrace.ended";

/** How a session was lost. */
type Loss =
  | { kind: "transferred"; kioskName: string | null; at: string | null }
  /** `problem`: what stood in the way of going on with it. */
  | {
      kind: "closed";
      reason: CloseReason | null;
      /** The supervisor who closed it, and why he did. */
      by: string | null;
      note: string | null;
      at: string | null;
      problem: Notice | null;
    };

export class Ownership {
  readonly #heartbeat: Heartbeat;
  #isClaiming = false;

  constructor(
    private readonly store: Store,
    private readonly knowledge: Knowledge,
    private readonly tabs: Tabs,
    /** The session was closed for want of contact only: it can be brought back. */
    private readonly onProvisional: () => void,
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
    // Of two claims on one session the older one is history, whoever left it.
    const isPast = (claim: Claim) =>
      claims.some(({ session, epoch }) => session.id === claim.session.id && epoch > claim.epoch);
    for (const past of claims.filter(isPast)) {
      claims.splice(claims.indexOf(past), 1);
      await this.store.dropClaim(past.instanceId);
    }
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

  /** While a claim is asked for, the end of the session before is no loss: it may be this claim that ends it. */
  async claiming<T>(asked: () => Promise<T>): Promise<T> {
    this.#isClaiming = true;
    try {
      return await asked();
    } catch (error) {
      // What was not heard of the session before is in the next answer to a heartbeat.
      this.doubt();
      throw error;
    } finally {
      this.#isClaiming = false;
    }
  }

  /** Takes what the server granted. On disk before it is used. */
  async take({ session, epoch, lastSeq }: Claimed, instanceId: InstanceId): Promise<void> {
    const { claim: before } = this.knowledge.now;
    const claim: Claim = { instanceId, epoch, session, statusEvent: null, endingSeq: null, claimedAt: Date.now() };
    await this.store.raiseSeq(lastSeq);
    await this.store.claim(claim, before && before.endingSeq === null ? before.instanceId : null);
    sessionStorage.removeItem(ENDED);
    this.knowledge.set({ claim, resumable: null, provisional: null, ended: null, lastAction: null, undo: null });
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

  /** After an outage: the server is to know who is there before anything else comes. */
  async beatFirst(): Promise<void> {
    if (this.knowledge.now.claim?.endingSeq === null) await this.#heartbeat.beatFirst();
  }

  /** Something says that the session may be lost: the answer to a heartbeat says what became of it. */
  doubt(): void {
    this.#heartbeat.beatNow();
  }

  /** The claim on the disk was changed there. */
  async reread(): Promise<void> {
    const { claim } = this.knowledge.now;
    const kept = (await this.store.claims()).find(({ instanceId }) => instanceId === claim?.instanceId);
    if (claim && kept) this.knowledge.set({ claim: { ...claim, endingSeq: kept.endingSeq } });
  }

  /** Another tab says that it claims a session. */
  claimedElsewhere({ sessionId, instanceId, timestamp, tabId }: ClaimTold): void {
    const { claim, offset, identity } = this.knowledge.now;
    if (claim?.session.id !== sessionId || tabId === this.tabs.id) return;
    const isTwin = claim.instanceId === instanceId;
    // Two tabs with one claim are no two owners: one of them has to go, and both find out which.
    if (isTwin && tabId > this.tabs.id) {
      this.tabs.announce(sessionId, instanceId, claim.claimedAt);
      return;
    }
    // The later claim wins; where two are made at once, the server's epoch decides in any case.
    if (!isTwin && timestamp < claim.claimedAt) return;
    const kioskName = identity?.name ?? null; // All tabs of a browser are one kiosk.
    this.#lose({ kind: "transferred", kioskName, at: new Date(timestamp + offset).toISOString() }, isTwin);
  }

  /** Gives the session up where this problem says that it is no longer ours; `about` says what was asked. */
  judge(problem: Problem, about: ActionKind | "heartbeat" = "heartbeat"): void {
    const { code } = problem;
    if (code === "INSTANCE_MISMATCH") {
      const { owner } = problem as Problem & { owner?: Owner };
      this.#lose({ kind: "transferred", kioskName: owner?.kioskName ?? null, at: owner?.since ?? null });
    } else if (code === "SESSION_NOT_ACTIVE" || code === "SESSION_NOT_FOUND") {
      const told = problem as Problem & { reason?: CloseReason; provisional?: boolean; by?: string; note?: string };
      const { reason = null, provisional, by = null, note = null } = told;
      // Being asked to come back it said no: it won't say otherwise the next time.
      if (provisional && about !== "reopen" && !this.#isForgotten(reason)) this.onProvisional();
      else this.#lose({ kind: "closed", reason, by, note, at: null, problem: null });
    } else if (about === "reopen") {
      const why = { code, detail: problem.detail };
      this.#lose({ kind: "closed", reason: "idle", by: null, note: null, at: null, problem: why });
    } else if (code === "UNAUTHENTICATED") this.knowledge.linkIs("refused");
  }

  /** How this tab lost its session, from before a reload. */
  lost(): Ended | null {
    const kept = sessionStorage.getItem(ENDED);
    return kept === null ? null : (JSON.parse(kept) as Ended);
  }

  /** The worker has seen it. */
  acknowledged(): void {
    sessionStorage.removeItem(ENDED);
    this.knowledge.set({ ended: null });
  }

  /** An event of the kiosk's own stream. */
  streamed(name: string, data: unknown): void {
    if (name === "initial") this.knowledge.set({ messages: (data as KioskInitial).messages });
    if (name === "message") this.#messageIs((data as MessageTold).message);
    const { claim } = this.knowledge.now;
    if (!claim || (name === "session_closed" && this.#isClaiming)) return;
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
      const { sessionId, reason, provisional, by, note, at } = data as SessionClosed;
      if (sessionId !== claim.session.id) return;
      if (provisional && !this.#isForgotten(reason)) this.onProvisional();
      else this.#lose({ kind: "closed", reason, by, note, at, problem: null });
    }
  }

  /** The server asked whether somebody is there, and nobody was: only what was tapped here is an answer. */
  #isForgotten(reason: CloseReason | null): boolean {
    const { claim, waiting } = this.knowledge.now;
    return reason === "forgotten" && !waiting.some(({ body }) => body.action.instanceId === claim?.instanceId);
  }

  /** Made, shown or confirmed; what is confirmed has been dealt with. */
  #messageIs(message: Message): void {
    const others = this.knowledge.now.messages.filter(({ id }) => id !== message.id);
    const messages = message.confirmedAt === null ? [...others, message] : others;
    this.knowledge.set({
      messages: messages.sort((a, b) => Number(a.sentAt > b.sentAt) - Number(a.sentAt < b.sentAt)),
    });
  }

  #answered(answer: Answer, claim: Claim, sentAt: number): void {
    if (answer.kind === "ok") {
      const { serverTime, lastSeq } = answer.body as HeartbeatAnswer;
      this.knowledge.learnOffset(serverTime, sentAt);
      this.knowledge.seen(lastSeq, sentAt).catch(() => {
        // The disk failed, or the page is going: the next heartbeat's answer says the same.
      });
    } else if (
      answer.kind === "problem" &&
      claim.instanceId === this.knowledge.now.claim?.instanceId &&
      !this.#isClaiming
    ) {
      this.judge(answer.problem);
    }
  }

  /** `isTwins`: another tab goes on with this very claim, so it stays on the disk. */
  #lose(loss: Loss, isTwins = false): void {
    const { claim, waiting } = this.knowledge.now;
    if (!claim) return;
    this.#heartbeat.stop();
    if (!isTwins) void this.store.dropClaim(claim.instanceId);
    sessionStorage.removeItem(OWN_CLAIM);
    const sessionId = claim.session.id;
    const left = waiting.filter(({ body }) => body.sessionId === sessionId).length;
    // A session that was ended here and is found closed is not lost: that was the wish.
    const ended = claim.endingSeq === null ? { ...loss, sessionId, waiting: left } : null;
    if (ended) sessionStorage.setItem(ENDED, JSON.stringify(ended));
    this.knowledge.set({ claim: null, ended, resumable: null, undo: null });
  }
}
