/** The sign that goes with each state, so that colour is never alone. */
import { CircleDashed, ClockAlert, type LucideIcon, Pause, Play, Settings, TriangleAlert } from "lucide-react";
import type { Look } from "../state/look";

const SIGNS: Record<Look | "noContact", LucideIcon> = {
  production: Play,
  setup: Settings,
  stoppage: Pause,
  malfunction: TriangleAlert,
  none: CircleDashed,
  noContact: ClockAlert,
};

export function Sign({ look, size }: { look: Look | "noContact"; size: number }) {
  const Icon = SIGNS[look];
  const filled = look === "production" || look === "stoppage";
  return (
    <Icon size={size} strokeWidth={2.25} fill={filled ? "currentColor" : "none"} aria-hidden className="shrink-0" />
  );
}
