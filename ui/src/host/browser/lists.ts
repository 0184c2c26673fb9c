/** What a kiosk reads: stations, statuses, reasons, items, checklists; all but the first are kept for when the server is away. */
import type { ReasonList } from "../../generated/ReasonList";
import type { ReasonType } from "../../generated/ReasonType";
import type { StationChecklists } from "../../generated/StationChecklists";
import type { StationItems } from "../../generated/StationItems";
import type { StationJobItemList } from "../../generated/StationJobItemList";
import type { StationList } from "../../generated/StationList";
import type { StatusList } from "../../generated/StatusList";
import { HostError } from "../types";
import type { Store } from "./store";

function checklistsOf(stationId: string): string {
  return `/api/stations/${encodeURIComponent(stationId)}/checklists`;
}

function isAway(error: unknown): boolean {
  return !(error instanceof HostError) || error.problem.code === "UNAVAILABLE";
}

type Ask = <T>(path: string) => Promise<T>;

export class Lists {
  /** Asked for once per page: a tap must not wait for the network. */
  readonly #statuses = new Map<string, StatusList>();

  constructor(
    private readonly store: Store,
    private readonly ask: Ask,
    /** The server's clock (ms). */
    private readonly now: () => number,
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

  /** What is made here changes all day, so what is kept says how old it is. */
  async jobItems(stationId: string): Promise<StationItems> {
    const path = `/api/stations/${encodeURIComponent(stationId)}/job-items`;
    const kept = `${path}?kept`;
    try {
      const { jobItems } = await this.ask<StationJobItemList>(path);
      await this.store.remember(kept, { items: jobItems, asOf: new Date(this.now()).toISOString() });
      return { items: jobItems, asOf: null };
    } catch (error) {
      const known = isAway(error) ? await this.store.fact<StationItems>(kept) : null;
      if (known) return known;
      throw error;
    }
  }

  async knownItems(stationId: string): Promise<StationItems["items"] | null> {
    const path = `/api/stations/${encodeURIComponent(stationId)}/job-items?kept`;
    return (await this.store.fact<StationItems>(path))?.items ?? null;
  }

  checklists(stationId: string): Promise<StationChecklists> {
    return this.#kept<StationChecklists>(checklistsOf(stationId));
  }

  /** As they were last told: an end must not wait for the network. */
  knownChecklists(stationId: string): Promise<StationChecklists | null> {
    return this.store.fact<StationChecklists>(checklistsOf(stationId));
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
