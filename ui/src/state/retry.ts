/** What an answer means for an entry of the outbox. The same table as the kiosk's engine follows. */
import type { Code } from "../generated/Code";
import type { Problem } from "../generated/Problem";

/** Answers that are final: a known rule of the trade. Sending the same again can't change them. */
const RULES: ReadonlySet<Code> = new Set<Code>([
  "INSTANCE_MISMATCH",
  "SESSION_NOT_ACTIVE",
  "SESSION_NOT_FOUND",
  "SESSION_ALREADY_EXISTS",
  "STATION_OCCUPIED",
  "STATION_NOT_ALLOWED",
  "STATUS_NOT_ALLOWED",
  "REASON_REQUIRED",
  "REPORT_REQUIRED",
  "CHECKLIST_REQUIRED",
  "APPROVAL_REQUIRED",
  "INVALID_QUANTITIES",
  "JOB_ITEM_REQUIRED",
  "STEP_NOT_ALLOWED",
  "INVALID_STATUS_TRANSITION",
]);

/** Not this request, whatever else would pass. */
const UNFIT: ReadonlySet<Code> = new Set<Code>([
  "INVALID_PAYLOAD",
  "CONFLICT",
  "STEPS_FROZEN",
  "IN_USE",
  "PRECONDITION_REQUIRED",
  "PRECONDITION_FAILED",
]);

/** Statuses that may be otherwise the next time. A code of a later version is met by its status. */
function passes(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status > 500;
}

export function isRule(code: Code): boolean {
  return RULES.has(code);
}

/** What came back from the server, or did not. */
export type Answer =
  | { kind: "ok"; body: unknown }
  | { kind: "problem"; problem: Problem; retryAfter: number | null }
  /** Somebody else's answer: a proxy's page, an empty body. */
  | { kind: "foreign"; status: number; retryAfter: number | null }
  | { kind: "network" };

export type Verdict =
  | { do: "done"; body: unknown }
  | { do: "refused"; problem: Problem }
  /** The queue stands still until somebody does something: no right, or another version. */
  | { do: "hold"; problem: Problem }
  /** The server fails at this entry, or can't read it: again for a while, then it is parked. */
  | { do: "failing"; problem: Problem; wait: number }
  /** This number was used for something else: unsent entries get new numbers above `lastSeq`. */
  | { do: "renumber"; lastSeq: number }
  /** `wait` in ms, as the server wished; 0 for its own back-off. */
  | { do: "retry"; wait: number };

export function judge(answer: Answer): Verdict {
  switch (answer.kind) {
    case "ok":
      return { do: "done", body: answer.body };
    case "network":
      return { do: "retry", wait: 0 };
    case "foreign":
      return { do: "retry", wait: answer.retryAfter ?? 0 };
    case "problem": {
      const { problem } = answer;
      if (isRule(problem.code)) return { do: "refused", problem };
      if (problem.code === "SEQ_REUSED") {
        const lastSeq = (problem as Problem & { lastSeq?: unknown }).lastSeq;
        if (typeof lastSeq === "number") return { do: "renumber", lastSeq };
      }
      const wait = answer.retryAfter ?? 0;
      if (problem.status === 500 || UNFIT.has(problem.code)) return { do: "failing", problem, wait };
      return passes(problem.status) ? { do: "retry", wait } : { do: "hold", problem };
    }
  }
}
