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
}

interface Shelves extends DBSchema {
  facts: { key: string; value: unknown };
  claims: { key: InstanceId; value: Claim };
  outbox: { key: number; value: Entry };
}

const SEQ = "seq";

export class Store {
  private constructor(private readonly db: IDBPDatabase<Shelves>) {}

  static async open(name = "millrace-kiosk"): Promise<Store> {
    const db = await openDB<Shelves>(name, 1, {
      upgrade(fresh) {
        fresh.createObjectStore("facts");
        fresh.createObjectStore("claims", { keyPath: "instanceId" });
        fresh.createObjectStore("outbox", { keyPath: "seq" });
      },
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

  async settle(seq: number): Promise<void> {
    await this.db.delete("outbox", seq);
  }
}

function numbered(draft: Draft, seq: number): Entry {
  const { path, body, effect, ends } = draft;
  return { path, effect, ends, seq, body: { ...body, action: { ...body.action, seq } } };
}
