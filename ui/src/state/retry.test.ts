import { describe, expect, it } from "vitest";
import type { Code } from "../generated/Code";
import type { Problem } from "../generated/Problem";
import { type Answer, judge } from "./retry";

describe("what an answer means for an entry", () => {
  const problem = (code: Code, status: number, more = {}): Answer => ({
    kind: "problem",
    problem: { type: "", title: "", status, detail: "", code, ...more } as Problem,
    retryAfter: status === 429 ? 7_000 : null,
  });

  it.each([
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
    "INVALID_STATUS_TRANSITION",
  ] as const)("%s is a rule of the trade and ends it", (code) => {
    expect(judge(problem(code, 409)).do).toBe("refused");
  });

  it.each([
    ["UNAUTHENTICATED", 401],
    ["FORBIDDEN", 403],
    ["NOT_FOUND", 404],
    ["METHOD_NOT_ALLOWED", 405],
    ["UNKNOWN", 422],
    ["SEQ_REUSED", 409],
  ] as const)("%s holds the queue", (code, status) => {
    expect(judge(problem(code, status)).do).toBe("hold");
  });

  it.each([
    ["INTERNAL", 500],
    ["UNKNOWN", 500],
    ["INVALID_PAYLOAD", 400],
    ["CONFLICT", 409],
  ] as const)("%s is the entry's own trouble", (code, status) => {
    expect(judge(problem(code, status))).toMatchObject({ do: "failing", wait: 0 });
  });

  it.each([
    ["network failure", { kind: "network" }],
    ["a proxy's page", { kind: "foreign", status: 200, retryAfter: null }],
    ["502", { kind: "foreign", status: 502, retryAfter: null }],
    ["408", { kind: "foreign", status: 408, retryAfter: null }],
    ["UNAVAILABLE", problem("UNAVAILABLE", 503)],
    ["an unknown code", problem("UNKNOWN", 507)],
  ] as Array<[string, Answer]>)("%s is tried again, for ever", (_name, answer) => {
    expect(judge(answer)).toEqual({ do: "retry", wait: 0 });
  });

  it("waits as long as the server wished", () => {
    expect(judge(problem("RATE_LIMITED", 429))).toEqual({ do: "retry", wait: 7_000 });
  });

  it("takes new numbers above those the server has", () => {
    expect(judge(problem("SEQ_REUSED", 409, { lastSeq: 41 }))).toEqual({ do: "renumber", lastSeq: 41 });
  });
});
