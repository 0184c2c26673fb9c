/**
 * The open sessions as the active-sessions stream tells them, merged by offset.
 *
 * Pure: it knows nothing of connections. Each session remembers the offset it was last told at, and a
 * removal leaves that offset behind, so that a message that comes late or twice can never undo a newer one.
 */
import type { ActiveSessionsInitial } from "../generated/ActiveSessionsInitial";
import type { Session } from "../generated/Session";
import type { SessionChanged } from "../generated/SessionChanged";
import type { SessionGone } from "../generated/SessionGone";
import type { SessionId } from "../generated/SessionId";

export interface Board {
  /** Everything up to here has been merged. */
  readonly offset: number;
  /** The history the offsets belong to; offsets of two histories can't be compared. */
  readonly epoch: string;
  readonly sessions: ReadonlyMap<SessionId, Session>;
  /** The offset each session was last told at, ended ones included. */
  readonly told: ReadonlyMap<SessionId, number>;
  /** When the last change of each session arrived (this device's clock, ms); a snapshot is no change. */
  readonly changedAt: ReadonlyMap<SessionId, number>;
  /** Whether a snapshot has arrived yet. */
  readonly known: boolean;
}

export const emptyBoard: Board = {
  offset: 0,
  epoch: "",
  sessions: new Map(),
  told: new Map(),
  changedAt: new Map(),
  known: false,
};

/** One event of the stream. */
export interface BoardEvent {
  readonly name: string;
  readonly data: unknown;
  /** This device's clock (ms). */
  readonly receivedAt: number;
}

/** The history a cursor `<epoch>.<offset>` belongs to. */
export function epochOf(cursor: string): string {
  const dot = cursor.lastIndexOf(".");
  return dot < 0 ? cursor : cursor.slice(0, dot);
}

/** The board after these events. The same board comes back where nothing changed. */
export function merge(board: Board, events: readonly BoardEvent[]): Board {
  const draft = new Draft(board);
  for (const event of events) draft.take(event);
  return draft.board;
}

/** Copies the maps at the first change and not again: a burst over thousands of sessions costs one copy. */
class Draft {
  board: Board;
  #sessions: Map<SessionId, Session> | null = null;
  #told: Map<SessionId, number> | null = null;
  #changedAt: Map<SessionId, number> | null = null;

  constructor(board: Board) {
    this.board = board;
  }

  take({ name, data, receivedAt }: BoardEvent): void {
    if (name === "initial") this.#replace(data as ActiveSessionsInitial);
    else if (name === "insert" || name === "update") this.#put(data as SessionChanged, receivedAt);
    else if (name === "delete") this.#remove(data as SessionGone, receivedAt);
  }

  /** A snapshot replaces everything, unless it is older than what is shown and of the same history. */
  #replace(initial: ActiveSessionsInitial): void {
    const epoch = epochOf(initial.position);
    if (this.board.known && epoch === this.board.epoch && initial.offset < this.board.offset) return;
    this.#sessions = new Map(initial.sessions.map((session) => [session.id, session]));
    this.#told = new Map(initial.sessions.map((session) => [session.id, initial.offset]));
    this.#changedAt = new Map();
    this.board = {
      offset: initial.offset,
      epoch,
      sessions: this.#sessions,
      told: this.#told,
      changedAt: this.#changedAt,
      known: true,
    };
  }

  #put({ offset, session }: SessionChanged, at: number): void {
    this.#change(session.id, offset, at)?.set(session.id, session);
  }

  #remove({ offset, sessionId }: SessionGone, at: number): void {
    this.#change(sessionId, offset, at)?.delete(sessionId);
  }

  /** The sessions to write to, or null where this is not newer than what was told. */
  #change(id: SessionId, offset: number, at: number): Map<SessionId, Session> | null {
    const { board } = this;
    if (!board.known || offset <= (board.told.get(id) ?? 0)) return null;
    this.#sessions ??= new Map(board.sessions);
    this.#told ??= new Map(board.told);
    this.#changedAt ??= new Map(board.changedAt);
    this.#told.set(id, offset);
    this.#changedAt.set(id, at);
    this.board = {
      ...board,
      offset: Math.max(board.offset, offset),
      sessions: this.#sessions,
      told: this.#told,
      changedAt: this.#changedAt,
    };
    return this.#sessions;
  }
}
