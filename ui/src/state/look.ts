/**
 * What a session looks like at a glance: one of the six states of the floor, with its colours.
 * Signs and words go with it on screen; colour is never alone.
 */
import type { Contact } from "../generated/Contact";
import type { CurrentStatus } from "../generated/CurrentStatus";
import type { Session } from "../generated/Session";
import { textOn } from "./contrast";

export type Look = "production" | "setup" | "stoppage" | "malfunction" | "none";

export const LOOKS: readonly Look[] = ["production", "setup", "stoppage", "malfunction"];

export interface Paint {
  readonly background: string;
  readonly text: string;
}

export const PAINT: Record<Look, Paint> = {
  production: { background: "#1b7a3d", text: "#ffffff" },
  setup: { background: "#1d5fb8", text: "#ffffff" },
  stoppage: { background: "#f5b301", text: "#14181d" },
  malfunction: { background: "#c62828", text: "#ffffff" },
  none: { background: "#e3e6ea", text: "#1f2933" },
};

/** The protected malfunction status is found by its key, never by a label. */
export function lookOf(status: Pick<CurrentStatus, "key" | "machineState"> | null): Look {
  if (!status) return "none";
  return status.key === "malfunction" ? "malfunction" : status.machineState;
}

/** The plant's own colour where a status has one, else that of its state. */
export function paintOf(status: CurrentStatus | null): Paint {
  if (!status) return PAINT.none;
  if (!/^#[0-9a-fA-F]{6}$/.test(status.color)) return PAINT[lookOf(status)];
  return { background: status.color, text: textOn(status.color) };
}

export function isHeard(contact: Contact): boolean {
  return contact === "online";
}

/** What needs action first: smaller comes first. */
export function urgency(session: Session): number {
  const look = lookOf(session.currentStatus);
  if (look === "malfunction") return 0;
  if (session.contact === "lost") return 1;
  if (look === "stoppage") return 2;
  if (session.contact === "stale") return 3;
  if (look === "setup") return 4;
  return 5;
}

/** What people read, in their language, else in English, else the key. */
export function labelOf(labels: { [key in string]?: string }, language: string, fallback = ""): string {
  return labels[language] ?? labels.en ?? Object.values(labels)[0] ?? fallback;
}
