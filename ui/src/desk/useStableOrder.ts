/** Keeps the order on screen while the pointer is over it: nothing jumps from under a hand. */
import { useState } from "react";
import { keepOrder, type Place, stationOf } from "./arrange";

/**
 * `wanted` in the order it should have; what comes back has the order that was last shown while `held`.
 * `kind` names what was asked for: another order or filter by the reader himself takes effect at once.
 */
export function useStableOrder(wanted: Place[], held: boolean, kind: string): Place[] {
  const [shown, setShown] = useState<{ stations: readonly string[]; kind: string }>({ stations: [], kind });
  const order = held && shown.kind === kind ? keepOrder(shown.stations, wanted) : wanted;
  const stations = order.map(stationOf);
  const moved =
    shown.kind !== kind ||
    stations.length !== shown.stations.length ||
    stations.some((station, at) => station !== shown.stations[at]);
  if (moved) setShown({ stations, kind });
  return order;
}
