/** What this browser kiosk knows, who is told when it changes, and the calls that teach it whether the server is there. */
import type { LinkState } from "../../generated/LinkState";
import type { Problem } from "../../generated/Problem";
import { offsetOfRoundTrip } from "../../state/clock";
import type { Answer } from "../../state/retry";
import { blankView } from "../blank";
import { HostError, type KioskHost } from "../types";
import { type Call, send, unwrap } from "./http";
import type { Store } from "./store";
import type { TapClock } from "./tapClock";
import { type Known, viewOf } from "./view";

type Watcher = Parameters<KioskHost["watch"]>[0];

/** A refusal that this tab makes itself, in the server's manner. */
export function refusal(code: Problem["code"], status: number, detail: string): HostError {
  const type = `urn:millrace:problem:${code.toLowerCase().replaceAll("_", "-")}`;
  return new HostError({ type, title: code, status, detail, code });
}

/** Nothing can be saved. */
export function diskless(): HostError {
  return refusal("DISK", 507, "This device can't save: its disk is full or closed to this page.");
}

export class Knowledge {
  #known: Known = {
    identity: null,
    link: blankView.link,
    hold: null,
    worker: null,
    resumable: null,
    claim: null,
    waiting: [],
    ended: null,
    lastAction: null,
    undo: null,
    unsaid: [],
    messages: [],
    provisional: null,
    disk: null,
    offset: 0,
  };
  #view = blankView;
  #isShown = false;
  #outages = 0;
  readonly #watchers = new Set<Watcher>();

  constructor(
    private readonly store: Store,
    private readonly clock: TapClock,
    /** The server answers again. */
    private readonly onReturn: () => void,
  ) {}

  get now(): Known {
    return this.#known;
  }

  set(patch: Partial<Known>): void {
    this.#known = { ...this.#known, ...patch };
    if (!this.#isShown) return;
    this.#view = viewOf(this.#known);
    for (const watcher of this.#watchers) watcher(this.#view);
  }

  /** Enough is known to show something. */
  show(): void {
    this.#isShown = true;
    this.set({});
  }

  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    watcher(this.#view);
    return () => this.#watchers.delete(watcher);
  }

  /** How often the server was away since this page was opened. */
  get outages(): number {
    return this.#outages;
  }

  linkIs(state: LinkState): void {
    if (state === "offline" && this.#known.link.state !== state) this.#outages += 1;
    if (this.#known.link.state !== state) this.set({ link: { state, since: new Date(Date.now()).toISOString() } });
  }

  /** The disk takes nothing, or it does again. */
  diskIs(works: boolean): void {
    const { disk } = this.#known;
    if (works && disk) this.set({ disk: null });
    if (!works && !disk) this.set({ disk: { code: "DISK", detail: diskless().problem.detail } });
  }

  /** The server was heard, by whatever way. */
  heard(): void {
    const { state } = this.#known.link;
    // Refused stays until it is enrolled again: an answer to somebody unknown is no welcome.
    if (state === "refused") return;
    this.linkIs("online");
    if (state === "offline") this.onReturn();
  }

  async call(path: string, call: Call = {}): Promise<Answer> {
    const answer = await send(path, call);
    if (answer.kind === "network" || answer.kind === "foreign") this.linkIs("offline");
    else this.heard();
    return answer;
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.call(path, { method: "POST", body });
  }

  /** What needs the signed-in worker besides the kiosk: opening, takeover, handover, reading. */
  postAsWorker(path: string, body: unknown): Promise<Answer> {
    return this.call(path, { method: "POST", body, workerCode: this.#known.worker?.code });
  }

  async readAsWorker<T>(path: string): Promise<T> {
    return unwrap<T>(await this.call(path, { workerCode: this.#known.worker?.code }));
  }

  /** The server's highest number of this kiosk, by an answer that was asked for at `askedAt` (ms). */
  async seen(lastSeq: number, askedAt: number): Promise<void> {
    await this.store.raiseSeq(lastSeq);
    if ((await this.store.sendAgain(lastSeq, askedAt)) === 0) return;
    this.set({ waiting: await this.store.waiting() });
    this.onReturn();
  }

  learnOffset(serverTime: string, sentAt: number): void {
    const receivedAt = Date.now();
    const offset = offsetOfRoundTrip(serverTime, sentAt, receivedAt);
    if (offset === null) return;
    this.set({ offset });
    const kept = [
      this.clock.heard(Date.parse(serverTime), (receivedAt - sentAt) / 2),
      this.store.remember("offset", offset),
    ];
    // The next answer says the same, and what is tapped is told without it at worst by the wall clock.
    Promise.all(kept).catch(() => {});
  }
}
