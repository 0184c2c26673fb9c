/** Calls to the server that the page came from. The cookie says who calls; no secret is ever in a script's hands. */
import type { Problem } from "../../generated/Problem";
import type { Answer } from "../../state/retry";
import { HostError } from "../types";

/** A call that is not answered by then has failed (ms). */
const TIME_OUT = 10_000;

export interface Call {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  /** Names the worker where reading or opening needs it: an identifier, not a secret. */
  workerCode?: string | undefined;
  /** The version that is changed or removed. */
  version?: number | undefined;
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value && "status" in value;
}

/** `Retry-After` in ms; the form with a date is not used by our server. */
function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

/** Sends one request. Never rejects: whatever happened is an answer. */
export async function send(path: string, { method = "GET", body, workerCode, version }: Call = {}): Promise<Answer> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (workerCode !== undefined) headers["x-worker-code"] = workerCode;
  if (version !== undefined) headers["if-match"] = `"${version}"`;
  try {
    const response = await fetch(path, {
      method,
      headers,
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.timeout(TIME_OUT),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = parse(text);
    if (response.ok && (json !== undefined || text === "")) return { kind: "ok", body: json ?? null };
    if (!response.ok && isProblem(json)) return { kind: "problem", problem: json, retryAfter: retryAfter(response) };
    return { kind: "foreign", status: response.status, retryAfter: retryAfter(response) };
  } catch {
    return { kind: "network" };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An answer for somebody who waits for it: the body, or a problem with a stable code. */
export function unwrap<T>(answer: Answer): T {
  if (answer.kind === "ok") return answer.body as T;
  if (answer.kind === "problem") throw new HostError(answer.problem);
  throw new HostError({
    type: "urn:millrace:problem:unavailable",
    title: "Not available now",
    status: 503,
    detail: answer.kind === "network" ? "The server does not answer." : "Somebody else answered for the server.",
    code: "UNAVAILABLE",
  });
}
