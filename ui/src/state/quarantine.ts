/** Entries that wait for a decision: by session, what each was, and what of it can be put right. Pure. */
import type { ActionKind } from "../generated/ActionKind";
import type { Notification } from "../generated/Notification";
import type { QuarantineEntry } from "../generated/QuarantineEntry";
import type { SessionId } from "../generated/SessionId";

/** What waits of one session, in the order it was tapped. */
export interface Waiting {
  readonly sessionId: SessionId;
  readonly workerName: string | null;
  readonly stationName: string | null;
  readonly kioskId: string;
  readonly entries: QuarantineEntry[];
}

const byNumber = (a: QuarantineEntry, b: QuarantineEntry) => a.seq - b.seq;

/** The session that has waited longest comes first. */
export function bySession(entries: readonly QuarantineEntry[]): Waiting[] {
  const groups = new Map<SessionId, Waiting>();
  for (const entry of [...entries].filter(({ decision }) => decision === null).sort(byNumber)) {
    const { sessionId, workerName, stationName, kioskId } = entry;
    const group = groups.get(sessionId) ?? { sessionId, workerName, stationName, kioskId, entries: [] };
    group.entries.push(entry);
    groups.set(sessionId, group);
  }
  const since = ({ entries: [first] }: Waiting) => first?.at ?? "";
  return [...groups.values()].sort((a, b) => Number(since(a) > since(b)) - Number(since(a) < since(b)));
}

const KINDS: ReadonlyArray<[path: RegExp, kind: ActionKind]> = [
  [/^\/api\/status-events$/, "status"],
  [/^\/api\/status-events\/[^/]+\/reason$/, "reason"],
  [/^\/api\/sessions\/quantities$/, "count"],
  [/^\/api\/reports$/, "report"],
  [/^\/api\/sessions\/bind-job-item$/, "bind"],
  [/^\/api\/sessions\/unbind-job-item$/, "unbind"],
  [/^\/api\/approvals$/, "approval"],
  [/^\/api\/calls$/, "call"],
  [/^\/api\/calls\/[^/]+\/cancel$/, "cancelCall"],
  [/^\/api\/sessions\/still-here$/, "here"],
  [/^\/api\/sessions\/complete$/, "complete"],
  [/^\/api\/sessions\/abandon$/, "abandon"],
  [/^\/api\/actions\/undo$/, "undo"],
  [/^\/api\/sessions$/, "open"],
  [/^\/api\/sessions\/handover$/, "handOver"],
  [/^\/api\/sessions\/reopen$/, "reopen"],
];

/** What it was, by where it was sent to. */
export function kindOf(path: string): ActionKind | "unknown" {
  return KINDS.find(([sentTo]) => sentTo.test(path))?.[1] ?? "unknown";
}

/** A member of a body that a supervisor can put right, with where it lies in it. */
export interface Field {
  readonly name: "at" | "endedAt" | "good" | "scrap" | "note" | "status" | "item";
  readonly at: readonly string[];
}

/** The bodies are our own, but they come from a disk: whatever lies there is read without trust. */
export function valueAt(body: unknown, at: readonly string[]): unknown {
  return at.reduce<unknown>(
    (inner, member) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[member] : undefined,
    body,
  );
}

function withValue(body: unknown, [member, ...rest]: readonly string[], value: unknown): unknown {
  if (member === undefined) return value;
  const inner = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  return { ...inner, [member]: withValue(inner[member], rest, value) };
}

const FIELDS: readonly Field[] = [
  { name: "at", at: ["action", "occurredAt"] },
  { name: "endedAt", at: ["endedAt"] },
  { name: "status", at: ["statusDefinitionId"] },
  { name: "item", at: ["stepId"] },
  { name: "good", at: ["quantities", "good"] },
  { name: "scrap", at: ["quantities", "scrap"] },
  { name: "note", at: ["quantities", "note"] },
  { name: "note", at: ["note"] },
];

/** Of a count good and scrap can both be put right, whichever was sent. */
export function fieldsOf(body: unknown): Field[] {
  const hasCount = typeof valueAt(body, ["quantities"]) === "object";
  return FIELDS.filter(
    ({ at }) => valueAt(body, at) !== undefined || (hasCount && at[0] === "quantities" && at[1] !== "note"),
  );
}

/** A body as it should have been; what is emptied is left out. */
export function edited(body: unknown, changes: ReadonlyArray<{ at: readonly string[]; value: unknown }>): unknown {
  const changed = changes.reduce((now, { at, value }) => withValue(now, at, value === "" ? undefined : value), body);
  // Members without a value are not sent.
  return JSON.parse(JSON.stringify(changed));
}

/** How many entries of each session wait for a decision. */
export function undecidedBySession(waiting: Iterable<Notification>): ReadonlyMap<SessionId, number> {
  const counts = new Map<SessionId, number>();
  for (const { kind, sessionId } of waiting) {
    if (kind === "quarantine" && sessionId) counts.set(sessionId, (counts.get(sessionId) ?? 0) + 1);
  }
  return counts;
}
