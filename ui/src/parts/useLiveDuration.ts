/** A duration that grows on screen: always `now − startedAt` on the server's clock, never counted up. */
import { durationSince, formatDuration } from "../state/clock";
import { useNow } from "./ticker";

/** How long it lasts now, as text. `offset` in ms turns this device's clock into the server's. */
export function useLiveDuration(startedAt: string, offset: number): string {
  return formatDuration(durationSince(startedAt, useNow(), offset));
}
