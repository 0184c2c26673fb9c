/** A failure in the reader's words. The server's own words stay for whoever looks deeper. */
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
