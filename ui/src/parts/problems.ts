/** A failure in the reader's words; and in the server's own, for whoever can do something about it. */
import type { TFunction } from "i18next";
import type { Code } from "../generated/Code";
import { HostError } from "../host/types";

export function codeOf(error: unknown): Code {
  return error instanceof HostError ? error.problem.code : "UNKNOWN";
}

/** Why an entry waits for a decision: the server's word for it, said in the reader's. */
export function becauseOf(t: TFunction, reason: string): string {
  return t(`quarantine.because.${reason}`, { defaultValue: reason });
}

export function wordsFor(t: TFunction, code: Code): string {
  return t(`problem.${code}`, { defaultValue: t("problem.UNKNOWN") });
}

/** What stands against something: the reader's words for its kind, and the server's own for this very case. */
export interface Complaint {
  readonly words: string;
  /** In English; null where it has nothing to add. */
  readonly detail: string | null;
}

export function complaintOf(t: TFunction, error: unknown): Complaint {
  const code = codeOf(error);
  const detail = error instanceof HostError && code !== "UNAVAILABLE" ? error.problem.detail : null;
  return { words: wordsFor(t, code), detail: detail || null };
}
