/**
 * The rules of the trade that a browser can judge by itself, before it says "saved". The desktop app judges with the
 * server's own code; here they are told again, and the server has the last word in any case. Both run the cases in
 * `tests/trade-cases.json`.
 */
import type { Checklist } from "../generated/Checklist";
import type { ChecklistAnswer } from "../generated/ChecklistAnswer";
import type { ChecklistAnswers } from "../generated/ChecklistAnswers";
import type { ChecklistValue } from "../generated/ChecklistValue";
import type { Code } from "../generated/Code";
import type { Quantities } from "../generated/Quantities";
import type { ReportDraft } from "../generated/ReportDraft";
import type { Session } from "../generated/Session";
import type { StatusDefinition } from "../generated/StatusDefinition";

export interface Refused {
  readonly code: Code;
  readonly status: number;
  readonly detail: string;
}

/** The most pieces one count takes: more is a slip of the finger. */
export const PIECES_MAX = 1_000_000;

function no(code: Code, status: number, detail: string): Refused {
  return { code, status, detail };
}

/** The longest note, in characters. */
export const NOTE_MAX = 500;

function isCount(pieces: number | undefined): boolean {
  return pieces === undefined || (Number.isInteger(pieces) && pieces >= 0 && pieces <= PIECES_MAX);
}

/** What can't be kept, whatever it says. */
export function note(text: string | undefined): Refused | null {
  const wrong = (detail: string) => no("INVALID_PAYLOAD", 400, detail);
  if (text?.includes("\0")) return wrong("The note holds a NUL character. Take it out.");
  // Characters, not the halves of some that JavaScript counts.
  return [...(text ?? "")].length > NOTE_MAX ? wrong("The note is too long. Shorten it.") : null;
}

/** A count: whole numbers from 0 on or a counter's readings, and scrap says why. */
export function count(quantities: Quantities | undefined): Refused | null {
  if (!quantities) return null;
  const { good, scrap = 0, counter, scrapReasonId } = quantities;
  const wrong = (detail: string) => no("INVALID_QUANTITIES", 422, detail);
  const refused = note(quantities.note);
  if (refused) return refused;
  if (!isCount(good) || !isCount(scrap)) return wrong("Good and scrap are whole numbers of pieces, 0 or more.");
  if (good !== undefined && counter) return wrong("Give good pieces or a counter's readings, not both.");
  if (good === undefined && !counter && scrap === 0) return wrong("Say how many pieces.");
  if (counter) {
    const made = counter.end - counter.start;
    if (!isCount(made) || !Number.isSafeInteger(counter.end))
      return wrong("The counter's readings can't be right. Read it again.");
    if (made < scrap) return wrong("There is more scrap than the counter moved on.");
  }
  const isNoted = (quantities.note ?? "").trim() !== "";
  return scrap > 0 && scrapReasonId === undefined && !isNoted ? wrong("Scrap needs a reason.") : null;
}

/** What a count adds to the totals. */
export function pieces(quantities: Quantities | undefined): { good?: number; scrap?: number } {
  if (!quantities) return {};
  const { good, scrap = 0, counter } = quantities;
  return { good: good ?? (counter ? counter.end - counter.start - scrap : 0), scrap };
}

export function produces(session: Pick<Session, "currentStatus">): boolean {
  return session.currentStatus?.machineState === "production";
}

/** What a change of status says besides which. */
type Said = { reasonId?: string; note?: string; quantities?: Quantities; report?: ReportDraft };

/** Whether a status may be entered like this. */
export function entering(status: Pick<StatusDefinition, "reasonWanted" | "reportType">, change: Said): Refused | null {
  const refused = note(change.note);
  if (refused) return refused;
  if (status.reportType === "none" && change.report)
    return no("INVALID_PAYLOAD", 400, "This status wants no report. Send the report by itself.");
  if (status.reportType !== "none" && change.report?.type !== status.reportType)
    return no("REPORT_REQUIRED", 422, "This status needs a report.");
  if (status.reasonWanted === "now" && change.reasonId === undefined)
    return no("REASON_REQUIRED", 422, "This status needs a reason.");
  return null;
}

/** A change of status: its report, its reason, its count, and an item for production. */
export function statusChange(session: Session, status: StatusDefinition, change: Said): Refused | null {
  const refused = entering(status, change);
  if (refused) return refused;
  if (status.machineState === "production" && session.stepId === null)
    return no("JOB_ITEM_REQUIRED", 422, "Production needs a job item. Choose the item first.");
  return count(change.quantities);
}

export function unbinding(session: Session): Refused | null {
  return produces(session) ? no("JOB_ITEM_REQUIRED", 422, "The machine is producing. Stop it first.") : null;
}

export function asking(session: Session): Refused | null {
  return session.stepId === null ? no("JOB_ITEM_REQUIRED", 422, "Choose the item first.") : null;
}

function says(value: ChecklistValue): boolean {
  return typeof value === "boolean" ? value : typeof value === "number" || value.trim() !== "";
}

/** The items of a list that are required and not answered. */
export function missingOf(list: Checklist, answers: ChecklistAnswers["answers"]): string[] {
  return list.items
    .filter(({ id, required }) => required && !answers.some(({ itemId, value }) => itemId === id && says(value)))
    .map(({ id }) => id);
}

const KINDS = { boolean: "check", number: "number", string: "text" } as const;

/** Whether an answer is of its item's kind; an older version may have had items that are gone. */
function fits(list: Checklist, version: number, { itemId, value }: ChecklistAnswer): boolean {
  if (typeof value === "string" && note(value)) return false;
  const item = list.items.find(({ id }) => id === itemId);
  return item ? KINDS[typeof value as keyof typeof KINDS] === item.kind : version < list.version;
}

/** Whether a list is done. Answers to a list that is not known here are the server's to judge. */
export function listDone(list: Checklist | null, given: ChecklistAnswers | undefined): Refused | null {
  if (!list || (given && (given.checklistId !== list.id || given.version > list.version))) return null;
  const { answers, version } = given ?? { answers: [], version: list.version };
  const isOnce = new Set(answers.map(({ itemId }) => itemId)).size === answers.length;
  const isFit = isOnce && answers.every((answer) => fits(list, version, answer));
  if (isFit && missingOf(list, answers).length === 0) return null;
  return no("CHECKLIST_REQUIRED", 422, "The checklist is not done.");
}
