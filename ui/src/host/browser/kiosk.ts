/**
 * The worker's kiosk in a browser: the kiosk engine's work as far as a tab can do it.
 *
 * What it can't do, and the desktop app can: start work without the server, and beat on time in the dark.
 */
import type { ActiveSession } from "../../generated/ActiveSession";
import type { Approval } from "../../generated/Approval";
import type { ApprovalStanding } from "../../generated/ApprovalStanding";
import type { Call } from "../../generated/Call";
import type { ChecklistAnswers } from "../../generated/ChecklistAnswers";
import type { Claimed } from "../../generated/Claimed";
import type { ConfigChanged } from "../../generated/ConfigChanged";
import type { Ending } from "../../generated/Ending";
import type { Enrolled } from "../../generated/Enrolled";
import type { ItemChoice } from "../../generated/ItemChoice";
import type { KioskConfig } from "../../generated/KioskConfig";
import type { KioskIdentity } from "../../generated/KioskIdentity";
import type { KioskInitial } from "../../generated/KioskInitial";
import type { KioskSelf } from "../../generated/KioskSelf";
import type { Quantities } from "../../generated/Quantities";
import type { ReportDraft } from "../../generated/ReportDraft";
import type { Requests } from "../../generated/Requests";
import type { Session } from "../../generated/Session";
import type { TakingOver } from "../../generated/TakingOver";
import type { Worker } from "../../generated/Worker";
import type { WorkerLogin } from "../../generated/WorkerLogin";
import type { WorkerSignedIn } from "../../generated/WorkerSignedIn";
import { isRule } from "../../state/retry";
import { asking, count, listDone, pieces, type Refused, statusChange, unbinding } from "../../state/trade";
import { HostError, type KioskHost, type StatusChange, type StreamMessage } from "../types";
import { Actions } from "./actions";
import { unwrap } from "./http";
import { uuidv7 } from "./ids";
import { diskless, Knowledge, refusal } from "./knowledge";
import { Lists } from "./lists";
import type { Settled } from "./outbox";
import { Ownership } from "./ownership";
import type { Opening, Store } from "./store";
import { readStream } from "./stream";
import { Tabs } from "./tabs";
import { TapClock } from "./tapClock";
import { APPROVALS, CALLS, sessionOnTop } from "./view";

export const KIOSK_STREAM = "/api/kiosk/stream";
const PIPELINE_STREAM = "/api/sessions/pipeline/stream";

interface CallList {
  calls: Call[];
}

interface SessionApproval {
  standing: ApprovalStanding;
  approval: Approval | null;
}

/** Says no in the server's manner, where the rules do. */
function judged(refused: Refused | null): void {
  if (refused) throw refusal(refused.code, refused.status, refused.detail);
}

function noted(note: string | undefined): { note?: string } {
  return note === undefined ? {} : { note };
}

export class BrowserKiosk implements KioskHost {
  #stopStream: (() => void) | null = null;
  readonly #clock: TapClock;
  readonly #knowledge: Knowledge;
  readonly #tabs: Tabs;
  readonly #ownership: Ownership;
  readonly #actions: Actions;
  readonly #lists: Lists;

  constructor(private readonly store: Store) {
    this.#clock = new TapClock(store, uuidv7());
    this.#knowledge = new Knowledge(store, this.#clock, () => this.#actions.kick());
    this.#tabs = new Tabs(this.#clock.page, {
      held: () => this.#knowledge.now.claim?.instanceId ?? null,
      onClaim: (claim) => this.#ownership.claimedElsewhere(claim),
      onOutbox: (settled) =>
        void (settled === null ? this.#actions.readWaiting() : this.#actions.settled(settled as Settled)),
    });
    this.#ownership = new Ownership(store, this.#knowledge, this.#tabs, () => {
      this.#actions.reopen().catch(() => {
        // The disk takes nothing: the next heartbeat's answer asks again.
      });
    });
    this.#actions = new Actions(store, this.#knowledge, this.#ownership, this.#tabs, this.#clock, () => this.#whoAmI());
    this.#lists = new Lists(
      store,
      (path) => this.#read(path),
      () => Date.now() + this.#knowledge.now.offset,
    );
  }

  /** Remembers who this is, goes on with its claim, and begins to listen. */
  async start(): Promise<void> {
    // How the session before was lost is to be seen first.
    const ended = this.#ownership.lost();
    const [identity, worker, offset, waiting, unsaid, claim] = await Promise.all([
      this.store.fact<KioskIdentity>("kiosk"),
      this.store.fact<Worker>("worker"),
      this.store.fact<number>("offset"),
      this.store.waiting(),
      this.store.unsaid(),
      ended ? null : this.#ownership.find(),
    ]);
    this.#knowledge.set({ identity, worker, offset: offset ?? 0, waiting, unsaid, ended, claim });
    void this.store.forgetHeard(this.#clock.page);
    if (identity) this.#knowledge.show();
    if (claim) this.#ownership.hold(claim);
    window.addEventListener("online", () => this.#actions.kick());
    await this.#whoAmI();
    this.#knowledge.show();
    if (this.#knowledge.now.identity) this.#listen();
    this.#actions.kick();
    if (worker && !claim) await this.#offerResume();
  }

  /** Ends all work of this tab; what it owned stays its own until somebody takes it. */
  close(): void {
    this.#stopStream?.();
    this.#clock.close();
    this.#ownership.close();
    this.#actions.close();
    this.#tabs.close();
  }

  watch: KioskHost["watch"] = (listener) => this.#knowledge.watch(listener);
  stations: KioskHost["stations"] = () => this.#lists.stations();
  pipeline: KioskHost["pipeline"] = (workerId, listener) =>
    readStream(`${PIPELINE_STREAM}?workerId=${encodeURIComponent(workerId)}`, listener);
  statuses: KioskHost["statuses"] = (stationId) => this.#lists.statuses(stationId);
  reasons: KioskHost["reasons"] = (stationId, type) => this.#lists.reasons(stationId, type);

  jobItems: KioskHost["jobItems"] = (stationId) => this.#lists.jobItems(stationId);
  checklists: KioskHost["checklists"] = (stationId) => this.#lists.checklists(stationId);

  async requests(): Promise<Requests> {
    const { claim } = this.#knowledge.now;
    if (!claim) return { call: null, standing: "none", approval: null };
    const of = `?sessionId=${encodeURIComponent(claim.session.id)}`;
    const [{ calls }, { standing, approval }] = await Promise.all([
      this.#read<CallList>(`${CALLS}${of}`),
      this.#read<SessionApproval>(`${APPROVALS}${of}`),
    ]);
    return { call: calls.find(({ state }) => state === "open" || state === "seen") ?? null, standing, approval };
  }

  async enroll(_serverUrl: string, code: string): Promise<void> {
    const enrolled = unwrap<Enrolled>(await this.#knowledge.post("/api/kiosks/enroll", { code, cookie: true }));
    await this.#isKiosk(enrolled);
    await this.#whoAmI();
    this.#listen();
    this.#actions.kick();
  }

  async isKept(): Promise<boolean> {
    const { storage } = navigator;
    // Only a page served over HTTPS, or from this machine, can ask for it.
    if (typeof storage?.persist !== "function") return false;
    return (await storage.persisted()) || storage.persist();
  }

  async signIn(typed: string, pin?: string): Promise<void> {
    // A code is taken for one, too.
    const body: WorkerLogin = { badge: typed, ...(pin === undefined ? {} : { pin }) };
    const askedAt = Date.now();
    const signedIn = unwrap<WorkerSignedIn>(await this.#knowledge.post("/api/workers/login", body));
    await this.#knowledge.seen(signedIn.lastSeq, askedAt);
    await this.store.remember("worker", signedIn.worker);
    this.#knowledge.set({
      worker: signedIn.worker,
      resumable: signedIn.activeSession,
      provisional: signedIn.provisionalSession ?? null,
    });
  }

  async signOut(): Promise<void> {
    const { worker } = this.#knowledge.now;
    if (!worker) return;
    await this.#forgetWorker();
    // Nobody waits for the answer: without one the sign-in ends by itself, and here it has ended.
    void this.#knowledge.call("/api/workers/logout", { method: "POST", body: {}, workerCode: worker.code });
  }

  async open(stationId: string, checklist?: ChecklistAnswers): Promise<void> {
    await this.#claim(
      "/api/sessions",
      { stationId, sessionId: null },
      { stationId, ...(checklist ? { checklist } : {}) },
    );
  }

  async resume(): Promise<void> {
    const { id: sessionId, stationId } = this.#resumable();
    await this.#claim("/api/sessions/takeover", { stationId, sessionId }, { sessionId });
  }

  async discard(): Promise<void> {
    const sessionId = this.#resumable().id;
    // biome-ignore lint/suspicious/noThenProperty: the contract's name for it; nothing awaits this object.
    const body = { sessionId, instanceId: uuidv7(), then: "abandon" };
    unwrap(await this.#knowledge.postAsWorker("/api/sessions/takeover", body));
    await this.store.keepOpening(null);
    this.#knowledge.set({ resumable: null });
  }

  async continueHere(): Promise<void> {
    const { id: sessionId, stationId } = this.#provisional();
    await this.#claim("/api/sessions/takeover", { stationId, sessionId }, { sessionId });
  }

  async endedAt(at: string): Promise<void> {
    // biome-ignore lint/suspicious/noThenProperty: the contract's name for it; nothing awaits this object.
    const body = { sessionId: this.#provisional().id, instanceId: uuidv7(), then: "complete", endedAt: at };
    unwrap(await this.#knowledge.postAsWorker("/api/sessions/takeover", body));
    this.#knowledge.set({ provisional: null });
  }

  async handOver(taking: TakingOver): Promise<void> {
    const { id: sessionId, stationId } = this.#ownership.running().session;
    await this.#claim("/api/sessions/handover", { stationId, sessionId }, { sessionId, stationId, ...taking });
  }

  async changeStatus(change: StatusChange): Promise<void> {
    const { session } = this.#running();
    const status = (await this.#lists.statuses(session.stationId)).find(({ id }) => id === change.statusDefinitionId);
    if (!status) throw refusal("STATUS_NOT_ALLOWED", 422, "This status does not exist at this station.");
    // The server's judgement, before anybody is told that it is saved.
    judged(statusChange(session, status, change));
    await this.#actions.act({
      kind: "status",
      path: "/api/status-events",
      body: { ...change },
      effect: {
        status: { id: status.id, is: status, at: this.#actions.at },
        ...pieces(change.quantities),
        malfunctions: change.report?.type === "malfunction" ? 1 : 0,
      },
    });
  }

  async giveReason(statusEventId: string, reasonId: string, note?: string): Promise<void> {
    const path = `/api/status-events/${encodeURIComponent(statusEventId)}/reason`;
    await this.#actions.act({ kind: "reason", path, body: { reasonId, ...noted(note) } });
  }

  async count(quantities: Quantities): Promise<void> {
    judged(count(quantities));
    const path = "/api/sessions/quantities";
    await this.#actions.act({ kind: "count", path, body: { quantities }, effect: pieces(quantities) });
  }

  async report(report: ReportDraft): Promise<void> {
    const effect = { malfunctions: report.type === "malfunction" ? 1 : 0 };
    await this.#actions.act({ kind: "report", path: "/api/reports", body: { report }, effect });
  }

  async bind(choice: ItemChoice): Promise<void> {
    judged(count(choice.quantities));
    const items = await this.#lists.knownItems(this.#running().session.stationId);
    const item = items?.find(({ stepId }) => stepId === choice.stepId);
    if (items && !item) throw refusal("STEP_NOT_ALLOWED", 422, "This item is not one of this station.");
    await this.#actions.act({
      kind: "bind",
      path: "/api/sessions/bind-job-item",
      body: { ...choice },
      effect: {
        item: {
          jobId: item?.jobId ?? null,
          jobNumber: item?.jobNumber ?? null,
          jobItemId: choice.jobItemId,
          jobItemName: item?.name ?? null,
          stepId: choice.stepId,
        },
        ...pieces(choice.quantities),
      },
    });
  }

  async unbind(): Promise<void> {
    judged(unbinding(this.#running().session));
    await this.#actions.act({ kind: "unbind", path: "/api/sessions/unbind-job-item", effect: { item: null } });
  }

  async askApproval(note?: string): Promise<void> {
    judged(asking(this.#running().session));
    await this.#actions.act({ kind: "approval", path: APPROVALS, body: noted(note) });
  }

  async call(note?: string): Promise<void> {
    await this.#actions.act({ kind: "call", path: CALLS, body: noted(note) });
  }

  async cancelCall(callId: string): Promise<void> {
    await this.#actions.act({ kind: "cancelCall", path: `${CALLS}/${encodeURIComponent(callId)}/cancel` });
  }

  async stillHere(): Promise<void> {
    await this.#actions.act({ kind: "here", path: "/api/sessions/still-here", effect: {} });
  }

  undo(): Promise<void> {
    return this.#actions.undo();
  }

  async end(ending: Ending): Promise<void> {
    const lists = await this.#lists.knownChecklists(this.#running().session.stationId);
    judged(count(ending.quantities) ?? listDone(lists?.end ?? null, ending.checklist));
    await this.#actions.act({ kind: "complete", path: "/api/sessions/complete", body: { ...ending }, ends: true });
  }

  async abandon(): Promise<void> {
    await this.#actions.act({ kind: "abandon", path: "/api/sessions/abandon", ends: true });
  }

  async acknowledgeUnsaid(seqs: readonly number[]): Promise<void> {
    this.#knowledge.set({ unsaid: await this.store.said(seqs) });
  }

  async confirmMessage(messageId: string): Promise<void> {
    const path = `/api/messages/${encodeURIComponent(messageId)}/confirmed`;
    unwrap(await this.#knowledge.post(path, {}));
    this.#knowledge.set({ messages: this.#knowledge.now.messages.filter(({ id }) => id !== messageId) });
  }

  async acknowledgeEnded(): Promise<void> {
    this.#ownership.acknowledged();
    // The worker may be signed in for another tab of this kiosk: only this one forgets him.
    this.#knowledge.set({ worker: null, resumable: null, provisional: null });
  }

  /** The running session, with what waits on top. */
  #running(): { session: Session } {
    const claim = this.#ownership.running();
    return { session: sessionOnTop(claim, this.#knowledge.now.waiting) };
  }

  /**
   * Asks for a claim. What was tapped before belongs before it, and its instance is on the disk before the server is
   * asked: should the answer get lost, even with this page, asking again is the same claim.
   */
  async #claim(path: string, where: Pick<Opening, "stationId" | "sessionId">, body: object): Promise<void> {
    const { worker } = this.#knowledge.now;
    if (!worker) throw refusal("UNAUTHENTICATED", 401, "Sign in first.");
    await this.#actions.drained();
    const before = await this.store.opening();
    // An opening that was not answered comes back as a session that can be resumed: that is the same claim, too.
    const isSame =
      before?.workerId === worker.id &&
      before.stationId === where.stationId &&
      (before.sessionId === null || before.sessionId === where.sessionId);
    const instanceId = isSame ? before.instanceId : uuidv7();
    await this.#onDisk(this.store.keepOpening({ ...where, workerId: worker.id, instanceId }));
    await this.#ownership.claiming(async () => {
      const answer = await this.#knowledge.postAsWorker(path, { ...body, instanceId });
      if (answer.kind === "problem" && isRule(answer.problem.code)) await this.store.keepOpening(null);
      await this.#onDisk(this.#ownership.take(unwrap<Claimed>(answer), instanceId));
    });
  }

  /** Says in plain words where the disk takes nothing; what was refused otherwise is said as it is. */
  async #onDisk(written: Promise<void>): Promise<void> {
    try {
      await written;
      this.#knowledge.diskIs(true);
    } catch (error) {
      if (error instanceof HostError) throw error;
      this.#knowledge.diskIs(false);
      throw diskless();
    }
  }

  #resumable(): Session {
    const { resumable } = this.#knowledge.now;
    if (!resumable) throw refusal("SESSION_NOT_FOUND", 404, "There is no session to resume.");
    return resumable.session;
  }

  #provisional(): Session {
    const { provisional } = this.#knowledge.now;
    if (!provisional) throw refusal("SESSION_NOT_FOUND", 404, "There is no session to go on with.");
    return provisional;
  }

  async #isKiosk({
    kioskId,
    kioskName,
    stationId,
  }: Pick<KioskSelf, "kioskId" | "kioskName" | "stationId">): Promise<void> {
    const identity: KioskIdentity = { id: kioskId, name: kioskName, stationId, serverUrl: "" };
    await this.store.remember("kiosk", identity);
    this.#knowledge.set({ identity, hold: null });
    this.#knowledge.linkIs("online");
  }

  /** What the office calls this kiosk, and the station it stands at. A server of an earlier version says nothing of it. */
  async #isSetUpAs(config: KioskConfig | undefined): Promise<void> {
    const { identity } = this.#knowledge.now;
    if (!identity || !config?.name) return;
    const { name, stationId } = config;
    if (name === identity.name && stationId === identity.stationId) return;
    const told: KioskIdentity = { ...identity, name, stationId };
    this.#knowledge.set({ identity: told });
    await this.store.remember("kiosk", told);
  }

  /** Only the server can read the cookie. */
  async #whoAmI(): Promise<void> {
    const sentAt = Date.now();
    const answer = await this.#knowledge.call("/api/kiosks/me");
    if (answer.kind === "ok") {
      const self = answer.body as KioskSelf;
      await this.#knowledge.seen(self.lastSeq, sentAt);
      await this.#isKiosk(self);
      this.#knowledge.learnOffset(self.serverTime, sentAt);
    } else if (answer.kind === "problem" && answer.problem.code === "UNAUTHENTICATED" && this.#knowledge.now.identity) {
      this.#knowledge.linkIs("refused");
    }
  }

  /** Reads as the worker, and notices where his sign-in has ended. */
  async #read<T>(path: string): Promise<T> {
    try {
      return await this.#knowledge.readAsWorker<T>(path);
    } catch (error) {
      if (error instanceof HostError && error.problem.code === "UNAUTHENTICATED") {
        // The same answer for an unknown kiosk and for a worker who is not signed in: ask which.
        await this.#whoAmI();
        if (this.#knowledge.now.link.state === "online") await this.#forgetWorker();
      }
      throw error;
    }
  }

  async #forgetWorker(): Promise<void> {
    await this.store.forget("worker");
    this.#knowledge.set({ worker: null, resumable: null, provisional: null });
  }

  /** After a reload: is the worker still signed in, and has he a session to resume? */
  async #offerResume(): Promise<void> {
    try {
      const found = await this.#knowledge.readAsWorker<ActiveSession>("/api/workers/active-session");
      this.#knowledge.set({ resumable: found.activeSession, provisional: found.provisionalSession ?? null });
    } catch (error) {
      // No answer says nothing about the sign-in.
      if (error instanceof HostError && error.problem.code === "UNAVAILABLE") return;
      await this.#forgetWorker();
    }
  }

  #listen(): void {
    this.#stopStream?.();
    this.#stopStream = readStream(KIOSK_STREAM, (message) => this.#streamed(message));
  }

  #streamed(message: StreamMessage): void {
    if (message.type === "state") return;
    if (message.name === "goodbye") {
      if ((message.data as { reason?: unknown }).reason === "revoked") void this.#whoAmI();
      return;
    }
    this.#knowledge.heard();
    if (message.name === "initial" || message.name === "config") {
      this.#isSetUpAs((message.data as KioskInitial | ConfigChanged).config).catch(() => {
        // The disk takes nothing: the next `initial` says the same.
      });
    }
    this.#ownership.streamed(message.name, message.data);
    if (message.name === "initial" || message.name === "message") this.#showMessages();
  }

  /** What is on the screen is told as shown; should that fail, the next one that comes tells it, too. */
  #showMessages(): void {
    for (const { id, shownAt } of this.#knowledge.now.messages) {
      if (shownAt === null) void this.#knowledge.post(`/api/messages/${encodeURIComponent(id)}/shown`, {});
    }
  }
}
