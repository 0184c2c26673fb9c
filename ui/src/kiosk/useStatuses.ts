/** The statuses and reasons of a station. They hardly change, so they are asked for once and when the link is back. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { LinkState } from "../generated/LinkState";
import type { ReasonType } from "../generated/ReasonType";
import { useHost } from "../host/context";

export function useStatuses(stationId: string, link: LinkState) {
  const { kiosk } = useHost();
  const query = useQuery({
    queryKey: ["statuses", stationId],
    queryFn: () => kiosk.statuses(stationId),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { isError, refetch } = query;
  useEffect(() => {
    if (link === "online" && isError) void refetch();
  }, [link, isError, refetch]);
  return query;
}

export function useReasons(stationId: string, type: ReasonType) {
  const { kiosk } = useHost();
  return useQuery({
    queryKey: ["reasons", stationId, type],
    queryFn: () => kiosk.reasons(stationId, type),
    staleTime: 5 * 60_000,
  });
}
