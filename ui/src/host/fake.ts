/**
 * A small floor in memory, for component tests and for looking at screens.
 *
 * It knows no rules of the trade beyond what a screen can show; the real ones are the server's. Failures
 * happen on demand: `failNext`, `goOffline`, `transfer`, `close`.
 */
import type { CloseReason } from "../generated/CloseReason";
import type { Code } from "../generated/Code";
import type { Job } from "../generated/Job";
import type { KioskSeen } from "../generated/KioskSeen";
import type { KioskView } from "../generated/KioskView";
import type { Notification } from "../generated/Notification";
import type { Quantities } from "../generated/Quantities";
import type { Reason } from "../generated/Reason";
import type { Report } from "../generated/Report";
import type { Requests } from "../generated/Requests";
import type { Session } from "../generated/Session";
import type { StationChecklists } from "../generated/StationChecklists";
import type { StationChoice } from "../generated/StationChoice";
import type { StationJobItem } from "../generated/StationJobItem";
import type { StationLive } from "../generated/StationLive";
import type { StationOption } from "../generated/StationOption";
import type { StatusDefinition } from "../generated/StatusDefinition";
import type { StatusEvent } from "../generated/StatusEvent";
import type { UndoKind } from "../generated/UndoKind";
import type { UserSelf } from "../generated/UserSelf";
import type { Worker } from "../generated/Worker";
import { blankView } from "./blank";
import { fakeCall, fakeSession, fakeStatusEvent, liveStation, ownSession, problem, working } from "./fakeRows";
import type { AdminRequest, DeskHost, Doors, Host, HostError, KioskHost, StreamMessage } from "./types";

export * from "./fakeRows";

/** A person who can sign in. */
export interface FakeWorker extends Worker {
  pin?: string;
}

export interface FakeFloor {
  stations: StationChoice[];
  statuses: StatusDefinition[];
  reasons: Reason[];
  /** What can be made, at every station. */
  items: StationJobItem[];
  checklists: StationChecklists;
  workers: FakeWorker[];
  sessions: Session[];
}

export class FakeHost implements Host {
  readonly kind = "fake";
  readonly serverUrl = "";
  readonly kiosk: KioskHost;
  readonly desk: DeskHost;
  view: KioskView;
  user: UserSelf | null = null;
  /** What the supervisors know of the running session. */
  requests: Requests = { call: null, standing: "none", approval: null };
  /** What the desk is answered, by method and path without its query. */
  readonly answers = new Map<string, (request: AdminRequest) => unknown>();
  /** Every call of the kiosk, for tests: `["changeStatus", {…}]`. */
  readonly calls: Array<[string, ...unknown[]]> = [];

  readonly #viewers = new Set<(view: KioskView) => void>();
  /** What the desk's streams begin with, besides the floor. */
  reports: Report[] = [];
  jobs: Job[] = [];
  notifications: Notification[] = [];
  /** The kiosk that stands at a station. */
  readonly kioskAt = new Map<string, KioskSeen>();
  statusEvents: StatusEvent[] = [];

  readonly #screens = new Map<(message: StreamMessage) => void, readonly string[]>();
  readonly #choosing = new Set<(message: StreamMessage) => void>();
  #failure: HostError | null = null;
  #offset = 1;
  #seq = 0;

  constructor(
    readonly floor: FakeFloor,
    readonly doors: Doors = "both",
    private readonly now: () => number = Date.now,
  ) {
    this.view = {
      ...blankView,
      kiosk: { id: "kiosk-1", name: "Kiosk 1", stationId: floor.stations[0]?.id ?? null, serverUrl: "" },
      link: { state: "online", since: this.#at() },
    };
    this.kiosk = this.#openKiosk();
    this.desk = this.#openDesk();
  }

  /** The next call is answered with this. */
  failNext(code: Code, status = 409): void {
    this.#failure = problem(code, status);
  }

  /** Changes the view, as the engine would. */
  show(patch: Partial<KioskView>): void {
    this.view = { ...this.view, ...patch };
    for (const viewer of this.#viewers) viewer(this.view);
  }

  goOffline(): void {
    this.show({ link: { state: "offline", since: this.#at() } });
  }

  goOnline(): void {
    const { lastAction } = this.view;
    this.show({
      link: { state: "online", since: this.#at() },
      waiting: 0,
      lastAction: lastAction?.state === "saved" ? { ...lastAction, state: "applied" } : lastAction,
    });
  }

  transfer(kioskName: string | null): void {
    const sessionId = this.view.session?.session.id ?? "";
    const ended = { kind: "transferred", sessionId, kioskName, at: this.#at(), waiting: this.view.waiting } as const;
    this.show({ session: null, ended });
  }

  close(reason: CloseReason, by: string | null = null, note: string | null = null): void {
    const sessionId = this.view.session?.session.id ?? "";
    const ended = {
      kind: "closed",
      sessionId,
      reason,
      by,
      note,
      at: this.#at(),
      problem: null,
      waiting: this.view.waiting,
    } as const;
    this.show({ session: null, ended });
  }

  #event(name: string, data: object): StreamMessage {
    const position = `1.${this.#offset}`;
    const told = { offset: this.#offset, position, serverTime: this.#at(), ...data };
    return { type: "event", name, id: position, data: told, receivedAt: this.now() };
  }

  /** Tells the screens that read this topic; without a topic, all of them. */
  tell(name: string, data: object, topic?: string): void {
    this.#offset += 1;
    const message = this.#event(name, topic === undefined ? data : { ...data, topic });
    for (const [screen, topics] of this.#screens) {
      if (topic === undefined || topics.includes(topic)) screen(message);
    }
  }

  tellState(state: "connecting" | "live" | "stale" | "polling", since = this.now()): void {
    for (const screen of this.#screens.keys()) screen({ type: "state", state, since });
  }

  /** Changes a session on the floor and tells it. */
  put(session: Session): void {
    const known = this.floor.sessions.some(({ id }) => id === session.id);
    this.floor.sessions = [...this.floor.sessions.filter(({ id }) => id !== session.id), session];
    this.tell(known ? "update" : "insert", { session }, "active-sessions");
    this.tell("session_update", { session }, `session/${session.id}`);
    this.#tellStation(session.stationId);
  }

  remove(sessionId: string): void {
    const gone = this.floor.sessions.find(({ id }) => id === sessionId);
    this.floor.sessions = this.floor.sessions.filter(({ id }) => id !== sessionId);
    this.tell("delete", { sessionId, reason: "completed" }, "active-sessions");
    if (gone) this.#tellStation(gone.stationId);
  }

  /** Who is at a station, to the desk and to whoever chooses one. */
  #tellStation(stationId: string): void {
    const station = this.#stations().find(({ id }) => id === stationId);
    if (station) this.tell("update", { station }, "stations");
    for (const listener of this.#choosing) listener(this.#event("update", this.#pipeline()));
  }

  #stations(): StationLive[] {
    const at = new Map(this.floor.sessions.map((session) => [session.stationId, session]));
    return this.floor.stations.map((station) => ({
      ...liveStation(station, at.get(station.id)),
      kiosk: this.kioskAt.get(station.id) ?? null,
    }));
  }

  #pipeline(): { jobItems: []; stationOptions: StationOption[] } {
    const stationOptions = this.#stations().map(
      ({ id: stationId, code, name, type, occupancy }): StationOption => ({
        stationId,
        code,
        name,
        type,
        allowed: true,
        outsideAssignment: this.floor.stations.some(
          ({ id, outsideAssignment }) => id === stationId && outsideAssignment,
        ),
        occupancy,
        openItems: 0,
        steps: [],
        previousStepId: null,
        nextStepId: null,
      }),
    );
    return { jobItems: [], stationOptions };
  }

  /** What a topic begins with. */
  #snapshot(topic: string): object {
    const [name, query = ""] = topic.split("?");
    const kind = new URLSearchParams(query).get("type");
    switch (name) {
      case "active-sessions":
        return { sessions: this.floor.sessions };
      case "stations":
        return { stations: this.#stations() };
      case "notifications":
        return { notifications: this.notifications };
      case "job-progress":
        return { jobs: this.jobs };
      case "reports":
        return { reports: this.reports.filter(({ type }) => kind === null || type === kind) };
    }
    const session = this.floor.sessions.find(({ id }) => topic === `session/${id}`);
    const ofSession = <T extends { sessionId: string }>(rows: T[]) =>
      rows.filter(({ sessionId }) => sessionId === session?.id);
    return { session, statusEvents: ofSession(this.statusEvents), reports: ofSession(this.reports) };
  }

  #at(): string {
    return new Date(this.now()).toISOString();
  }

  #call(name: string, ...args: unknown[]): void {
    this.calls.push([name, ...args]);
    const failure = this.#failure;
    this.#failure = null;
    if (failure) throw failure;
  }

  #claim(session: Session): void {
    this.put(session);
    this.show({ session: ownSession(session), resumable: null, provisional: null, ended: null, lastAction: null });
  }

  #act(undoable?: UndoKind): void {
    this.#seq += 1;
    const online = this.view.link.state === "online";
    const until = new Date(this.now() + 10_000).toISOString();
    this.show({
      undo: undoable ? { seq: this.#seq, kind: undoable, until } : null,
      waiting: online ? this.view.waiting : this.view.waiting + 1,
      lastAction: { seq: this.#seq, state: online ? "applied" : "saved", problem: null },
    });
  }

  /** Changes the running session, here and on the board. */
  #change(patch: Partial<Session>): void {
    const running = this.view.session;
    if (!running) throw problem("SESSION_NOT_ACTIVE", 410);
    const session = { ...running.session, askedAt: null, ...patch };
    if (this.view.link.state === "online") this.put(session);
    this.show({ session: { ...running, session } });
  }

  /** Adds what was counted. */
  #count(quantities: Quantities | undefined): void {
    const totals = this.view.session?.session.totals;
    if (!quantities || !totals) return;
    const good = totals.good + (quantities.good ?? 0);
    this.#change({ totals: { good, scrap: totals.scrap + (quantities.scrap ?? 0) }, countMissing: false });
  }

  #openKiosk(): KioskHost {
    return {
      watch: (listener) => {
        this.#viewers.add(listener);
        listener(this.view);
        return () => this.#viewers.delete(listener);
      },
      enroll: async (serverUrl, code) => {
        this.#call("enroll", serverUrl, code);
        const stationId = this.floor.stations[0]?.id ?? null;
        this.show({ kiosk: { id: "kiosk-1", name: "Kiosk 1", stationId, serverUrl } });
      },
      isKept: async () => true,
      signIn: async (workerCode, pin) => {
        this.#call("signIn", workerCode, pin);
        const worker = this.floor.workers.find(({ code }) => code === workerCode);
        if (!worker || (worker.pin ?? pin) !== pin) throw problem("UNAUTHENTICATED", 401);
        this.show({ worker });
      },
      signOut: async () => {
        this.#call("signOut");
        this.show({ worker: null, resumable: null, provisional: null });
      },
      stations: async () => {
        this.#call("stations");
        return this.floor.stations;
      },
      pipeline: (_workerId, listener) => {
        this.#choosing.add(listener);
        listener({ type: "state", state: "live", since: this.now() });
        listener(this.#event("initial", { reason: null, ...this.#pipeline() }));
        return () => this.#choosing.delete(listener);
      },
      statuses: async (stationId) => {
        this.#call("statuses", stationId);
        return this.floor.statuses;
      },
      reasons: async (stationId, type) => {
        this.#call("reasons", stationId, type);
        return this.floor.reasons;
      },
      jobItems: async (stationId) => {
        this.#call("jobItems", stationId);
        return { items: this.floor.items, asOf: this.view.link.state === "online" ? null : this.#at() };
      },
      checklists: async (stationId) => {
        this.#call("checklists", stationId);
        return this.floor.checklists;
      },
      requests: async () => this.requests,
      open: async (stationId, checklist) => {
        this.#call("open", stationId, ...(checklist ? [checklist] : []));
        const station = this.floor.stations.find(({ id }) => id === stationId);
        const status = this.floor.statuses.find(({ key }) => key === "stop");
        if (!station || !status || !this.view.worker) throw problem("STATION_NOT_ALLOWED", 403);
        this.#claim(fakeSession(this.view.worker, station, status, this.#at()));
      },
      resume: async () => {
        this.#call("resume");
        if (this.view.resumable) this.#claim(this.view.resumable.session);
      },
      discard: async () => {
        this.#call("discard");
        if (this.view.resumable) this.remove(this.view.resumable.session.id);
        this.show({ resumable: null });
      },
      continueHere: async () => {
        this.#call("continueHere");
        const { provisional } = this.view;
        if (provisional) this.#claim({ ...provisional, status: "active", closeReason: null, endedAt: null });
      },
      endedAt: async (at) => {
        this.#call("endedAt", at);
        this.show({ provisional: null });
      },
      handOver: async (taking) => {
        this.#call("handOver", taking);
        const { session, worker } = this.view;
        if (!session || !worker) throw problem("SESSION_NOT_FOUND", 404);
        const { id: workerId, code: workerCode, name: workerName } = worker;
        this.#claim({ ...session.session, id: `${session.session.id}-next`, workerId, workerCode, workerName });
      },
      changeStatus: async (change) => {
        this.#call("changeStatus", change);
        const own = this.view.session;
        const status = this.floor.statuses.find(({ id }) => id === change.statusDefinitionId);
        if (!own || !status) throw problem("STATUS_NOT_ALLOWED", 422);
        const startedAt = this.#at();
        const session = {
          ...own.session,
          currentStatusId: status.id,
          currentStatus: status,
          lastStatusChangeAt: startedAt,
        };
        if (this.view.link.state === "online") this.put(session);
        const statusEvent = fakeStatusEvent(session, {
          id: `event-${this.#seq + 1}`,
          reasonId: change.reasonId ?? null,
          note: change.note ?? null,
          timeClass: status.timeClass,
          epoch: own.epoch,
        });
        this.show({
          session: { ...own, session, statusEvent: this.view.link.state === "online" ? statusEvent : null },
        });
        this.#count(change.quantities);
        this.#act("status");
      },
      giveReason: async (statusEventId, reasonId, note) => {
        this.#call("giveReason", statusEventId, reasonId, note);
        const own = this.view.session;
        if (own?.statusEvent) this.show({ session: { ...own, statusEvent: { ...own.statusEvent, reasonId } } });
        this.#act();
      },
      count: async (quantities) => {
        this.#call("count", quantities);
        this.#count(quantities);
        this.#act("count");
      },
      report: async (report) => {
        this.#call("report", report);
        this.#change({});
        this.#act();
      },
      bind: async (choice) => {
        this.#call("bind", choice);
        const item = this.floor.items.find(({ stepId }) => stepId === choice.stepId);
        if (!item || !this.view.session) throw problem("STEP_NOT_ALLOWED", 422);
        this.#change(working(this.view.session.session, item));
        this.#count(choice.quantities);
        this.#act();
      },
      unbind: async () => {
        this.#call("unbind");
        this.#change({ jobItemId: null, jobId: null, jobNumber: null, jobItemName: null, stepId: null });
        this.#act();
      },
      askApproval: async (note) => {
        this.#call("askApproval", note);
        this.requests = { ...this.requests, standing: "pending" };
        this.#act();
      },
      call: async (note) => {
        this.#call("call", note);
        const { session } = this.view;
        if (session) this.requests = { ...this.requests, call: fakeCall(session.session, this.#at()) };
        this.#act();
      },
      cancelCall: async (callId) => {
        this.#call("cancelCall", callId);
        this.requests = { ...this.requests, call: null };
        this.#act();
      },
      stillHere: async () => {
        this.#call("stillHere");
        this.#change({});
        this.#act();
      },
      undo: async () => {
        this.#call("undo");
        const { undo } = this.view;
        if (!undo) throw problem("INVALID_STATUS_TRANSITION", 409);
        this.#act();
        this.show({ undo: null });
      },
      end: async (ending) => {
        this.#call("end", ending);
        if (this.view.session) this.remove(this.view.session.session.id);
        this.show({ session: null });
        this.#act();
      },
      abandon: async () => {
        this.#call("abandon");
        if (this.view.session) this.remove(this.view.session.session.id);
        this.show({ session: null });
        this.#act();
      },
      acknowledgeEnded: async () => {
        this.#call("acknowledgeEnded");
        this.show({ ended: null, worker: null });
      },
      acknowledgeUnsaid: async (seqs) => {
        this.#call("acknowledgeUnsaid", seqs);
        this.show({ unsaid: this.view.unsaid.filter(({ seq }) => !seqs.includes(seq)) });
      },
      confirmMessage: async (messageId) => {
        this.#call("confirmMessage", messageId);
        this.show({ messages: this.view.messages.filter(({ id }) => id !== messageId) });
      },
    };
  }

  #openDesk(): DeskHost {
    return {
      me: async () => this.user,
      login: async (_serverUrl, username, password) => {
        this.calls.push(["login", username]);
        if (password !== "millrace") throw problem("UNAUTHENTICATED", 401);
        const expiresAt = new Date(this.now() + 8 * 3_600_000).toISOString();
        this.user = { user: { id: "user-1", username, name: username, role: "supervisor" }, expiresAt };
        return this.user;
      },
      logout: async () => {
        this.user = null;
      },
      ask: async <T>(request: AdminRequest) => {
        this.#call("ask", request);
        const answer = this.answers.get(`${request.method} ${request.path.split("?")[0]}`);
        if (!answer) throw problem("NOT_FOUND", 404);
        return answer(request) as T;
      },
      picture: async () => new Blob([], { type: "image/jpeg" }),
      watch: (topics, listener) => {
        this.#screens.set(listener, topics);
        listener({ type: "state", state: "live", since: this.now() });
        for (const topic of topics) listener(this.#event("initial", { reason: null, topic, ...this.#snapshot(topic) }));
        return () => this.#screens.delete(listener);
      },
    };
  }
}
