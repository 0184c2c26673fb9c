/** What a kiosk knows of the trade at its station: items, checklists, and what waits for a supervisor. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { ApprovalStanding } from "../generated/ApprovalStanding";
import type { KioskView } from "../generated/KioskView";
import type { OwnSession } from "../generated/OwnSession";
import type { Requests } from "../generated/Requests";
import type { StationItems } from "../generated/StationItems";
import type { StationJobItem } from "../generated/StationJobItem";
import type { Totals } from "../generated/Totals";
import { useHost } from "../host/context";

/** How often it is asked whether a supervisor has answered, while one is waited for (ms). */
const ASKING = 3_000;
/** Items change while others work on them, too (ms). */
const ITEMS_AGE = 30_000;

/** Calls back when an action of this kiosk has come to its end, and when the server is back. */
function useSettled({ lastAction, link }: KioskView, onSettled: () => void): void {
  const settled = lastAction && lastAction.state !== "saved" ? lastAction.seq : 0;
  const before = useRef({ settled, link: link.state });
  const latest = useRef(onSettled);
  useEffect(() => {
    latest.current = onSettled;
  });
  useEffect(() => {
    const was = before.current;
    before.current = { settled, link: link.state };
    const isBack = link.state === "online" && was.link !== "online";
    if (settled !== was.settled || isBack) latest.current();
  }, [settled, link.state]);
}

/** Items as they were told, with what this session had counted by then: what it counts from then on goes on top. */
export interface KnownItems extends StationItems {
  readonly told: Totals;
}

export function useItems(view: KioskView, { session }: OwnSession) {
  const { kiosk } = useHost();
  const totals = useRef(session.totals);
  totals.current = session.totals;
  const query = useQuery({
    queryKey: ["items", session.stationId],
    queryFn: async (): Promise<KnownItems> => ({ ...(await kiosk.jobItems(session.stationId)), told: totals.current }),
    refetchInterval: ITEMS_AGE,
  });
  useSettled(view, () => void query.refetch());
  return query;
}

/** The item in work, as the list has it. */
export function boundItem(known: KnownItems | undefined, { session }: OwnSession): StationJobItem | undefined {
  return session.stepId === null ? undefined : known?.items.find(({ stepId }) => stepId === session.stepId);
}

const NOTHING: Requests = { call: null, standing: "none", approval: null };

export function useRequests(view: KioskView, { session }: OwnSession) {
  const { kiosk } = useHost();
  const query = useQuery({
    queryKey: ["requests", session.id, session.stepId],
    queryFn: () => kiosk.requests(),
    refetchInterval: ({ state: { data } }) => (data && (data.call || data.standing === "pending") ? ASKING : false),
    retry: false,
  });
  useSettled(view, () => void query.refetch());
  return { requests: query.data ?? NOTHING, isKnown: query.data !== undefined };
}

/** Whether production may begin, by what is known here: the supervisor's last word, else the list's. */
export function standingOf(
  item: StationJobItem | undefined,
  { requests, isKnown }: { requests: Requests; isKnown: boolean },
): ApprovalStanding {
  if (!item?.firstProductApproval) return "none";
  return isKnown ? requests.standing : item.approval;
}

/** What a station asks; without an answer it asks nothing here, and the server has the last word. */
export function useChecklists(stationId: string) {
  const { kiosk } = useHost();
  return useQuery({
    queryKey: ["checklists", stationId],
    queryFn: () => kiosk.checklists(stationId),
    staleTime: 60_000,
  });
}
