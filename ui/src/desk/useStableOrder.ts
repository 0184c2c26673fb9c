/** Keeps the order on screen while the pointer is over it: nothing jumps from under a hand. */
import { useState } from "react";
import type { Session } from "../generated/Session";
import { keepOrder } from "./arrange";

/**
 * `wanted` in the order it should have; what comes back has the order that was last shown while `held`.
 * `kind` names what was asked for: another order or filter by the reader himself takes effect at once.
 */
export function useStableOrder(wanted: Session[], held: boolean, kind: string): Session[] {
  const [shown, setShown] = useState<{ ids: readonly string[]; kind: string }>({ ids: [], kind });
  const order = held && shown.kind === kind ? keepOrder(shown.ids, wanted) : wanted;
  const ids = order.map(({ id }) => id);
  const moved = shown.kind !== kind || ids.length !== shown.ids.length || ids.some((id, at) => id !== shown.ids[at]);
  if (moved) setShown({ ids, kind });
  return order;
}
