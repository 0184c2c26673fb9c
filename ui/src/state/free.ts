/**
 * The stations at which nobody works: of those there are, the ones without a session on the board.
 *
 * Pure. The list says only which stations there are; it is asked for now and then, so who works where is taken
 * from the stream alone. A session therefore takes its station's place at once, and gives it back at its end.
 */
import type { Session } from "../generated/Session";
import type { Station } from "../generated/Station";

export function freeStations(stations: readonly Station[], sessions: Iterable<Session>): Station[] {
  const taken = new Set<string>();
  for (const { stationId } of sessions) taken.add(stationId);
  return stations.filter(({ id }) => !taken.has(id));
}
