/** What a kiosk reads and rarely changes: stations, statuses, reasons; the latter two are kept for when the server is away. */
import type { ReasonList } from "../../generated/ReasonList";
import type { ReasonType } from "../../generated/ReasonType";
import type { StationList } from "../../generated/StationList";
import type { StatusList } from "../../generated/StatusList";
import type { Store } from "./store";

type Ask = <T>(path: string) => Promise<T>;

export class Lists {
  /** Asked for once per page: a tap must not wait for the network. */
  readonly #statuses = new Map<string, StatusList>();

  constructor(
    private readonly store: Store,
    private readonly ask: Ask,
  ) {}

  /** Occupancy is only worth something while it is live, so this one is never kept. */
  async stations(): Promise<StationList["stations"]> {
    return (await this.ask<StationList>("/api/stations")).stations;
  }

  async statuses(stationId: string): Promise<StatusList["statuses"]> {
    const known = this.#statuses.get(stationId);
    if (known) return known.statuses;
    const list = await this.#kept<StatusList>(`/api/statuses?stationId=${encodeURIComponent(stationId)}`);
    this.#statuses.set(stationId, list);
    return list.statuses;
  }

  async reasons(stationId: string, type: ReasonType): Promise<ReasonList["reasons"]> {
    const path = `/api/reasons?stationId=${encodeURIComponent(stationId)}&type=${type}`;
    return (await this.#kept<ReasonList>(path)).reasons;
  }

  /** The server's answer, else what it answered last. */
  async #kept<T>(path: string): Promise<T> {
    try {
      const list = await this.ask<T>(path);
      await this.store.remember(path, list);
      return list;
    } catch (error) {
      const kept = await this.store.fact<T>(path);
      if (kept) return kept;
      throw error;
    }
  }
}
