/**
 * What a browser kiosk keeps on its disk (IndexedDB): who it is, its tabs' claims, and the outbox.
 *
 * Tabs share it: `seq` is drawn and the entry written in one transaction, so that two tabs can never use
 * the same number. A promise that resolved means that the browser has it on disk (`durability: "strict"`).
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { ActionKind } from "../../generated/ActionKind";
import type { ActionStamp } from "../../generated/ActionStamp";
import type { CurrentStatus } from "../../generated/CurrentStatus";
import type { InstanceId } from "../../generated/InstanceId";
import type { Problem } from "../../generated/Problem";
import type { Session } from "../../generated/Session";
import type { SessionId } from "../../generated/SessionId";
import type { StationId } from "../../generated/StationId";
import type { StatusDefinitionId } from "../../generated/StatusDefinitionId";
import type { StatusEvent } from "../../generated/StatusEvent";
import type { Unsaid } from "../../generated/Unsaid";
import type { WorkerId } from "../../generated/WorkerId";
import type { Heard, Tap, TapTime } from "../../state/tapTime";

/** A claim of one tab. */
export interface Claim {
  readonly instanceId: InstanceId;
  readonly epoch: number;
  /** The session as the server last told it. */
  readonly session: Session;
  readonly statusEvent: StatusEvent | null;
  /** The entry that ends the session, while it waits to be sent. */
  readonly endingSeq: number | null;
  /** When this tab claimed it (ms). */
  readonly claimedAt: number;
}

/** What an action does to the session on screen before the server has answered. */
export interface Effect {
  /** Another status. */
  readonly status?: { readonly id: StatusDefinitionId; readonly is: CurrentStatus; readonly at: string };
  /** Another item in work; null for none. */
  readonly item?: Pick<Session, "jobId" | "jobNumber" | "jobItemId" | "jobItemName" | "stepId"> | null;
  readonly good?: number;
  readonly scrap?: number;
  readonly malfunctions?: number;
  /** Whether a count is missing then; it follows from the rest where it is not said. */
  readonly countMissing?: boolean;
}

/** The claim that an action is made under, and its time, once that is told. */
type Stamp = Pick<ActionStamp, "instanceId" | "epoch"> & Partial<ActionStamp>;

/** An action before it has its number. */
export interface Draft {
  readonly path: string;
  readonly body: { readonly sessionId: SessionId; readonly action: Stamp } & Record<string, unknown>;
  readonly kind: ActionKind;
  /** When it was tapped. */
  readonly tap: Tap;
  readonly effect: Effect | null;
  readonly ends: boolean;
  /** Whose it is, by name. */
  readonly worker?: string;
  readonly workerId?: WorkerId;
}

/** An action that waits to be sent. Once its time is told its body is what goes out, to the letter, however often. */
export interface Entry extends Draft {
  readonly seq: number;
  readonly body: Draft["body"] & { readonly action: Stamp & { readonly seq: number } };
  /** What stands against it: it is to be parked. */
  readonly problem?: Problem;
  /** The server had taken it, and forgot it. */
  readonly again?: true;
}

/** A claim that was asked for and not answered: asking again with the same instance is the same claim. */
export interface Opening {
  readonly workerId: WorkerId;
  readonly instanceId: InstanceId;
  /** Where a session is opened or handed over. */
  readonly stationId: StationId;
  /** The session that is taken over or handed over; none for a new one. */
  readonly sessionId: SessionId | null;
}

/** An entry that the server took, kept for a server that is restored from a backup. */
interface Sent {
  readonly seq: number;
  readonly entry: Entry;
  /** When its answer came (ms). */
  readonly at: number;
}

/** For so long entries that the server took are kept (ms). */
const KEEP = 14 * 24 * 3_600_000;

interface Shelves extends DBSchema {
  facts: { key: string; value: unknown };
  claims: { key: InstanceId; value: Claim };
  outbox: { key: number; value: Entry };
  sent: { key: number; value: Sent };
}

const SEQ = "seq";
const UNSAID = "unsaid";
const OPENING = "opening";
const SENDER = "sender";
/** The moments at which a page heard the server lie under this and its name. */
const HEARD = "heard/";

/** For so long a page may send without saying that it is still there (ms): longer than any call takes. */
const LEASE = 20_000;

export class Store {
  private constructor(private readonly db: IDBPDatabase<Shelves>) {}

  static async open(name = "millrace-kiosk"): Promise<Store> {
    const db = await openDB<Shelves>(name, 2, {
      upgrade(db, before) {
        if (before < 1) {
          db.createObjectStore("facts");
          db.createObjectStore("claims", { keyPath: "instanceId" });
          db.createObjectStore("outbox", { keyPath: "seq" });
        }
        db.createObjectStore("sent", { keyPath: "seq" });
      },
      // An older tab holds the old shelves open: it lets go, and its next reload brings it here.
      blocking: (_before, _after, event) => (event.target as IDBDatabase).close(),
    });
    return new Store(db);
  }

  close(): void {
    this.db.close();
  }

  async fact<T>(name: string): Promise<T | null> {
    return ((await this.db.get("facts", name)) as T | undefined) ?? null;
  }

  async remember(name: string, value: unknown): Promise<void> {
    await this.db.put("facts", value, name);
  }

  async forget(name: string): Promise<void> {
    await this.db.delete("facts", name);
  }

  claims(): Promise<Claim[]> {
    return this.db.getAll("claims");
  }

  async keepClaim(claim: Claim): Promise<void> {
    const work = this.db.transaction("claims", "readwrite", { durability: "strict" });
    await Promise.all([work.store.put(claim), work.done]);
  }

  /**
   * What the server granted, together with the end of its asking. Claims that it supersedes go: those on the same
   * session, and the one that this tab had before.
   */
  async claim(claim: Claim, before: InstanceId | null): Promise<void> {
    const work = this.db.transaction(["claims", "facts"], "readwrite", { durability: "strict" });
    const claims = work.objectStore("claims");
    const superseded = (await claims.getAll()).filter(
      ({ instanceId, session }) => instanceId === before || session.id === claim.session.id,
    );
    await Promise.all([
      ...superseded.map(({ instanceId }) => claims.delete(instanceId)),
      claims.put(claim),
      work.objectStore("facts").delete(OPENING),
      work.done,
    ]);
  }

  async dropClaim(instanceId: InstanceId): Promise<void> {
    await this.db.delete("claims", instanceId);
  }

  opening(): Promise<Opening | null> {
    return this.fact<Opening>(OPENING);
  }

  /** On disk before the server is asked. */
  async keepOpening(opening: Opening | null): Promise<void> {
    const work = this.db.transaction("facts", "readwrite", { durability: "strict" });
    await Promise.all([opening ? work.store.put(opening, OPENING) : work.store.delete(OPENING), work.done]);
  }

  /** Numbers the action and puts it into the outbox, with the claim that it ends, or none of it. */
  async append(draft: Draft, claim?: Claim): Promise<Entry> {
    const work = this.db.transaction(["facts", "outbox", "claims"], "readwrite", { durability: "strict" });
    const facts = work.objectStore("facts");
    const seq = (((await facts.get(SEQ)) as number | undefined) ?? 0) + 1;
    const entry = numbered(draft, seq);
    await Promise.all([
      facts.put(seq, SEQ),
      work.objectStore("outbox").add(entry),
      claim ? work.objectStore("claims").put({ ...claim, endingSeq: seq }) : null,
      work.done,
    ]);
    return entry;
  }

  /** Says when the entry was tapped: from now on its bytes are the same for ever. Null where it is not there any more. */
  async stamp(seq: number, time: TapTime): Promise<Entry | null> {
    const work = this.db.transaction("outbox", "readwrite", { durability: "strict" });
    const entry = await work.store.get(seq);
    const stamped = entry && withTime(entry, time);
    await Promise.all([stamped ? work.store.put(stamped) : null, work.done]);
    return stamped ?? null;
  }

  /** Whether this page may send now: for where the browser has no locks. */
  async maySend(page: string, now: number): Promise<boolean> {
    const work = this.db.transaction("facts", "readwrite");
    const sender = (await work.store.get(SENDER)) as { page: string; until: number } | undefined;
    // A clock that was set back must not shut everybody out.
    const isHeld = sender !== undefined && sender.page !== page && sender.until > now && sender.until - now <= LEASE;
    await Promise.all([isHeld ? null : work.store.put({ page, until: now + LEASE }, SENDER), work.done]);
    return !isHeld;
  }

  /** It has nothing to send any more. */
  async endSending(page: string): Promise<void> {
    const work = this.db.transaction("facts", "readwrite");
    const sender = (await work.store.get(SENDER)) as { page: string } | undefined;
    await Promise.all([sender?.page === page ? work.store.delete(SENDER) : null, work.done]);
  }

  async heardBy(page: string): Promise<Heard[]> {
    return (await this.fact<Heard[]>(HEARD + page)) ?? [];
  }

  async keepHeard(page: string, heard: readonly Heard[]): Promise<void> {
    await this.remember(HEARD + page, heard);
  }

  /** Pages of which nothing waits any more are forgotten. */
  async forgetHeard(but: string): Promise<void> {
    const work = this.db.transaction(["facts", "outbox"], "readwrite");
    const pages = new Set((await work.objectStore("outbox").getAll()).map(({ tap }) => HEARD + tap?.page));
    const facts = work.objectStore("facts");
    const kept = await facts.getAllKeys(IDBKeyRange.bound(HEARD, `${HEARD}\uffff`));
    const gone = kept.filter((key) => key !== HEARD + but && !pages.has(key));
    await Promise.all([...gone.map((key) => facts.delete(key)), work.done]);
  }

  async unsaid(): Promise<Unsaid[]> {
    return (await this.fact<Unsaid[]>(UNSAID)) ?? [];
  }

  /** Somebody has seen what became of these. */
  async said(seqs: readonly number[]): Promise<Unsaid[]> {
    const work = this.db.transaction("facts", "readwrite", { durability: "strict" });
    const unsaid = ((await work.store.get(UNSAID)) as Unsaid[] | undefined) ?? [];
    const left = unsaid.filter(({ seq }) => !seqs.includes(seq));
    await Promise.all([work.store.put(left, UNSAID), work.done]);
    return left;
  }

  /** The server has seen numbers up to here from this kiosk: new ones lie above. */
  async raiseSeq(lastSeq: number): Promise<void> {
    const work = this.db.transaction("facts", "readwrite");
    const seq = (await work.store.get(SEQ)) as number | undefined;
    await Promise.all([lastSeq > (seq ?? 0) ? work.store.put(lastSeq, SEQ) : null, work.done]);
  }

  /**
   * Gives everything that waits a new number above `lastSeq`, in the same order. What was refused under `refused` must
   * still wait: else another tab has done it, and the server's word is about numbers that are history.
   */
  async renumber(lastSeq: number, refused: number): Promise<void> {
    const work = this.db.transaction(["facts", "outbox", "claims"], "readwrite", { durability: "strict" });
    const [facts, outbox, claims] = [work.objectStore("facts"), work.objectStore("outbox"), work.objectStore("claims")];
    if ((await outbox.get(refused)) === undefined) return;
    const before = Math.max(lastSeq, ((await facts.get(SEQ)) as number | undefined) ?? 0);
    const entries = await outbox.getAll();
    const renamed = new Map(entries.map(({ seq }, at) => [seq, before + at + 1]));
    const anew = (seq: unknown) => renamed.get(seq as number) ?? (seq as number);
    const puts = entries.flatMap((entry) => {
      const { undoes } = entry.body;
      // What takes back an entry of this queue follows it.
      const body = undoes === undefined ? entry.body : { ...entry.body, undoes: anew(undoes) };
      return [outbox.delete(entry.seq), outbox.add(numbered({ ...entry, body }, anew(entry.seq)))];
    });
    const ending = (await claims.getAll()).flatMap((claim) =>
      renamed.has(claim.endingSeq ?? 0) ? claims.put({ ...claim, endingSeq: anew(claim.endingSeq) }) : [],
    );
    await Promise.all([...puts, ...ending, facts.put(before + entries.length, SEQ), work.done]);
  }

  /** What waits, in order. */
  waiting(): Promise<Entry[]> {
    return this.db.getAll("outbox");
  }

  async first(): Promise<Entry | null> {
    const cursor = await this.db.transaction("outbox").store.openCursor();
    return cursor?.value ?? null;
  }

  /** The entry goes to the supervisor instead. */
  async park(seq: number, problem: Problem): Promise<void> {
    const work = this.db.transaction("outbox", "readwrite", { durability: "strict" });
    const entry = await work.store.get(seq);
    await Promise.all([entry ? work.store.put({ ...entry, problem }) : null, work.done]);
  }

  /**
   * Ends an entry, together with the claim that it ended and with what is to be said of it. What the server took is
   * kept for a while; what it refused has no second chance.
   */
  async settle(
    seq: number,
    isTaken: boolean,
    { unsaid, now = Date.now() }: { unsaid?: Unsaid; now?: number } = {},
  ): Promise<void> {
    const work = this.db.transaction(["outbox", "sent", "claims", "facts"], "readwrite", { durability: "strict" });
    const [outbox, sent, facts] = [work.objectStore("outbox"), work.objectStore("sent"), work.objectStore("facts")];
    const entry = await outbox.get(seq);
    // Numbers grow with time: the old ones come first.
    let old = await sent.openCursor();
    while (old && old.value.at < now - KEEP) {
      await old.delete();
      old = await old.continue();
    }
    const known = ((await facts.get(UNSAID)) as Unsaid[] | undefined) ?? [];
    // Another tab may have sent it, too, and have said so.
    const isNews = unsaid !== undefined && entry !== undefined;
    await Promise.all([
      outbox.delete(seq),
      entry && isTaken ? sent.put({ seq, entry, at: now }) : null,
      entry?.ends && isTaken && !entry.problem ? work.objectStore("claims").delete(entry.body.action.instanceId) : null,
      isNews ? facts.put([...known, unsaid], UNSAID) : null,
      work.done,
    ]);
  }

  /**
   * The server has numbers up to this one, by an answer that was asked for at `askedAt` (ms). What it had taken by
   * then and has no more is to be sent again, as the same bytes. How many.
   */
  async sendAgain(lastSeq: number, askedAt: number): Promise<number> {
    const highest = await this.db.transaction("sent").store.openKeyCursor(null, "prev");
    if (!highest || highest.key <= lastSeq) return 0;
    const work = this.db.transaction(["outbox", "sent"], "readwrite", { durability: "strict" });
    const [outbox, sent] = [work.objectStore("outbox"), work.objectStore("sent")];
    const lost = (await sent.getAll()).filter(({ seq, at }) => seq > lastSeq && at < askedAt);
    const moves = lost.flatMap(({ seq, entry }) => [outbox.put({ ...entry, again: true as const }), sent.delete(seq)]);
    await Promise.all([...moves, work.done]);
    return lost.length;
  }
}

/** Whether its time is told, so that its bytes stay as they are. */
export function isStamped({ body }: Entry): boolean {
  return body.action.occurredAt !== undefined;
}

function numbered(draft: Draft, seq: number): Entry {
  const { body } = draft;
  return { ...draft, seq, body: { ...body, action: { ...body.action, seq } } };
}

function withTime(entry: Entry, time: TapTime): Entry {
  const { body } = entry;
  const since = body.runningSince === undefined ? {} : { runningSince: time.runningSince };
  return { ...entry, body: { ...body, ...since, action: { ...body.action, ...time } } };
}
