/**
 * The stations at which nobody works: of those there are, the ones without a session on the board.
 *
 * Pure. Stations and sessions are told one after the other; who works where is taken from the sessions alone, so
 * that no place is on the board twice or not at all in between.
 */
import type { Session } from "../generated/Session";
import type { StationLive } from "../generated/StationLive";

export function freeStations(stations: readonly StationLive[], sessions: Iterable<Session>): StationLive[] {
  const taken = new Set<string>();
  for (const { stationId } of sessions) taken.add(stationId);
  return stations.filter(({ id }) => !taken.has(id));
}
