/**
 * The rows of a stream as it tells them, merged by offset.
 *
 * Pure: it knows nothing of connections. Each row remembers the offset it was last told at, and a removal
 * leaves that offset behind, so that a message that comes late or twice can never undo a newer one. A heartbeat says
 * that all up to its position was told: from then on that position stands for the removals before it, and they are
 * forgotten, so that a board that is open for a year holds no more than the floor has.
 */

/** One event of a stream, as reducers read it. */
export interface StreamEvent {
  readonly name: string;
  readonly data: unknown;
  /** This device's clock (ms). */
  readonly receivedAt: number;
}

export interface Rows<T> {
  /** Everything up to here has been merged. */
  readonly offset: number;
  /** All up to here was told: what is not among the rows was gone by then. */
  readonly since: number;
  /** The history the offsets belong to; offsets of two histories can't be compared. */
  readonly epoch: string;
  readonly rows: ReadonlyMap<string, T>;
  /** The offset each row was last told at, removed ones included. */
  readonly told: ReadonlyMap<string, number>;
  /** When the last change of each row arrived (this device's clock, ms); a snapshot is no change. */
  readonly changedAt: ReadonlyMap<string, number>;
  /** Whether a snapshot has arrived yet. */
  readonly known: boolean;
}

const nothing: Rows<unknown> = {
  offset: 0,
  since: 0,
  epoch: "",
  rows: new Map(),
  told: new Map(),
  changedAt: new Map(),
  known: false,
};

/** No rows yet. */
export function noRows<T>(): Rows<T> {
  return nothing as Rows<T>;
}

/** Where a stream's events carry rows of one kind. */
export interface Carried {
  /** The member of `initial` with all of them: a list, or the one row there is. */
  readonly all: string;
  /** The member of an event with one that was made or changed. */
  readonly one: string;
  /** The member of `delete` with the id of one that is gone. */
  readonly gone?: string;
  /** Whether a row is too old to be shown any more, at this time of the server (ms). */
  readonly isPast?: (row: unknown, now: number) => boolean;
}

interface Positioned {
  readonly offset: number;
  readonly position?: string;
  readonly [member: string]: unknown;
}

/** What a stream's heartbeat says. */
interface Beat {
  readonly offset: number;
  readonly position?: string;
  readonly serverTime?: string;
}

/** The history a cursor `<epoch>.<offset>` belongs to. */
export function epochOf(cursor: string): string {
  const dot = cursor.lastIndexOf(".");
  return dot < 0 ? cursor : cursor.slice(0, dot);
}

/**
 * Whether a snapshot is newer than what is known, or of another history: one with another name, or one in which the
 * server does not find our place, as after a restore.
 */
export function replaces(
  known: { known: boolean; epoch: string; offset: number },
  initial: { offset: number; position?: string; reason?: unknown },
): boolean {
  const isOther = epochOf(initial.position ?? "") !== known.epoch || initial.reason === "epoch";
  return !known.known || isOther || initial.offset >= known.offset;
}

/** The rows after these events. The same rows come back where nothing changed. */
export function merge<T extends { id: string }>(
  rows: Rows<T>,
  events: readonly StreamEvent[],
  carried: Carried,
): Rows<T> {
  const draft = new Draft(rows, carried);
  for (const event of events) draft.take(event);
  return draft.now;
}

/** Copies the maps at the first change and not again: a burst over thousands of rows costs one copy. */
class Draft<T extends { id: string }> {
  #rows: Map<string, T> | null = null;
  #told: Map<string, number> | null = null;
  #changedAt: Map<string, number> | null = null;

  constructor(
    public now: Rows<T>,
    private readonly carried: Carried,
  ) {}

  take({ name, data, receivedAt }: StreamEvent): void {
    if (typeof data !== "object" || data === null) return;
    const told = data as Positioned;
    const { all, one, gone } = this.carried;
    if (name === "heartbeat") this.#forget(data as Beat);
    else if (name === "initial") this.#replace(told, [told[all] ?? []].flat() as T[]);
    else if (name === "delete" && gone !== undefined) this.#remove(told[gone] as string, told.offset, receivedAt);
    else if (typeof told[one] === "object" && told[one] !== null) this.#put(told[one] as T, told.offset, receivedAt);
  }

  /** All up to this position was told. The same rows stay where that changes nothing. */
  #forget({ position, offset, serverTime }: Beat): void {
    const { now } = this;
    if (!now.known || epochOf(position ?? "") !== now.epoch) return;
    const at = Date.parse(serverTime ?? "");
    const { isPast } = this.carried;
    const past = isPast ? [...now.rows].flatMap(([id, row]) => (isPast(row, at) ? [id] : [])) : [];
    const removed =
      now.told.size > now.rows.size
        ? [...now.told].flatMap(([id, told]) => (told <= offset && !now.rows.has(id) ? [id] : []))
        : [];
    if (past.length === 0 && removed.length === 0) return;
    this.#rows ??= new Map(now.rows);
    this.#told ??= new Map(now.told);
    this.#changedAt ??= new Map(now.changedAt);
    for (const id of [...past, ...removed]) {
      this.#rows.delete(id);
      this.#told.delete(id);
      this.#changedAt.delete(id);
    }
    const since = Math.max(now.since, offset);
    this.now = { ...now, since, rows: this.#rows, told: this.#told, changedAt: this.#changedAt };
  }

  /** A snapshot replaces everything, unless it is older than what is shown and of the same history. */
  #replace(initial: Positioned, rows: readonly T[]): void {
    if (!replaces(this.now, initial)) return;
    this.#rows = new Map(rows.map((row) => [row.id, row]));
    this.#told = new Map(rows.map((row) => [row.id, initial.offset]));
    this.#changedAt = new Map();
    this.now = {
      offset: initial.offset,
      since: initial.offset,
      epoch: epochOf(initial.position ?? ""),
      rows: this.#rows,
      told: this.#told,
      changedAt: this.#changedAt,
      known: true,
    };
  }

  #put(row: T, offset: number, at: number): void {
    this.#change(row.id, offset, at)?.set(row.id, row);
  }

  #remove(id: string, offset: number, at: number): void {
    this.#change(id, offset, at)?.delete(id);
  }

  /** The rows to write to, or null where this is not newer than what was told. */
  #change(id: string, offset: number, at: number): Map<string, T> | null {
    const { now } = this;
    if (!now.known || offset <= (now.told.get(id) ?? now.since)) return null;
    this.#rows ??= new Map(now.rows);
    this.#told ??= new Map(now.told);
    this.#changedAt ??= new Map(now.changedAt);
    this.#told.set(id, offset);
    this.#changedAt.set(id, at);
    this.now = {
      ...now,
      offset: Math.max(now.offset, offset),
      rows: this.#rows,
      told: this.#told,
      changedAt: this.#changedAt,
    };
    return this.#rows;
  }
}
