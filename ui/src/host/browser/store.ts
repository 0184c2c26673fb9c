/**
 * What a browser kiosk keeps on its disk (IndexedDB): who it is, its tabs' claims, and the outbox.
 *
 * Tabs share it: `seq` is drawn and the entry written in one transaction, so that two tabs can never use
 * the same number. A promise that resolved means that the browser has it on disk (`durability: "strict"`).
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { ActionStamp } from "../../generated/ActionStamp";
import type { CurrentStatus } from "../../generated/CurrentStatus";
import type { InstanceId } from "../../generated/InstanceId";
import type { Problem } from "../../generated/Problem";
import type { Session } from "../../generated/Session";
import type { SessionId } from "../../generated/SessionId";
import type { StatusDefinitionId } from "../../generated/StatusDefinitionId";
import type { StatusEvent } from "../../generated/StatusEvent";

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
}

/** An action before it has its number. */
export interface Draft {
  readonly path: string;
  readonly body: { readonly sessionId: SessionId; readonly action: Omit<ActionStamp, "seq"> } & Record<string, unknown>;
  readonly effect: Effect | null;
  readonly ends: boolean;
}

/** An action that waits to be sent. Its body is what goes out, to the letter, however often. */
export interface Entry extends Draft {
  readonly seq: number;
  readonly body: Draft["body"] & { readonly action: ActionStamp };
  /** What stands against it: it is to be parked. */
  readonly problem?: Problem;
  /** The server had taken it, and forgot it. */
  readonly again?: true;
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

  async dropClaim(instanceId: InstanceId): Promise<void> {
    await this.db.delete("claims", instanceId);
  }

  /** Numbers the action and puts it into the outbox, or neither. */
  async append(draft: Draft): Promise<Entry> {
    const work = this.db.transaction(["facts", "outbox"], "readwrite", { durability: "strict" });
    const facts = work.objectStore("facts");
    const seq = (((await facts.get(SEQ)) as number | undefined) ?? 0) + 1;
    const entry = numbered(draft, seq);
    await Promise.all([facts.put(seq, SEQ), work.objectStore("outbox").add(entry), work.done]);
    return entry;
  }

  /** The server has seen numbers up to here from this kiosk: new ones lie above. */
  async raiseSeq(lastSeq: number): Promise<void> {
    const work = this.db.transaction("facts", "readwrite");
    const seq = (await work.store.get(SEQ)) as number | undefined;
    await Promise.all([lastSeq > (seq ?? 0) ? work.store.put(lastSeq, SEQ) : null, work.done]);
  }

  /** Gives everything that waits a new number above `lastSeq`, in the same order. */
  async renumber(lastSeq: number): Promise<void> {
    const work = this.db.transaction(["facts", "outbox"], "readwrite", { durability: "strict" });
    const [facts, outbox] = [work.objectStore("facts"), work.objectStore("outbox")];
    let seq = Math.max(lastSeq, ((await facts.get(SEQ)) as number | undefined) ?? 0);
    const entries = await outbox.getAll();
    const puts = entries.flatMap((entry) => {
      seq += 1;
      return [outbox.delete(entry.seq), outbox.add(numbered(entry, seq))];
    });
    await Promise.all([...puts, facts.put(seq, SEQ), work.done]);
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

  /** Ends an entry. What the server took is kept for a while; what it refused has no second chance. */
  async settle(seq: number, isTaken: boolean, now = Date.now()): Promise<void> {
    const work = this.db.transaction(["outbox", "sent"], "readwrite", { durability: "strict" });
    const [outbox, sent] = [work.objectStore("outbox"), work.objectStore("sent")];
    const entry = await outbox.get(seq);
    // Numbers grow with time: the old ones come first.
    let old = await sent.openCursor();
    while (old && old.value.at < now - KEEP) {
      await old.delete();
      old = await old.continue();
    }
    const kept = entry && isTaken ? sent.put({ seq, entry, at: now }) : null;
    await Promise.all([outbox.delete(seq), kept, work.done]);
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

function numbered(draft: Draft, seq: number): Entry {
  const { path, body, effect, ends } = draft;
  return { path, effect, ends, seq, body: { ...body, action: { ...body.action, seq } } };
}
