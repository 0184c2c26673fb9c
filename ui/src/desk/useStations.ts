/** Which stations there are. They hardly change, so they are asked for, not streamed. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Station } from "../generated/Station";
import { useHost } from "../host/context";
import type { StreamState } from "../host/types";

/** How often (ms). */
const REFRESH = 60_000;

/** Asked for at the start, every minute, and when the stream is back; undefined while they were never told. */
export function useStations(stream: StreamState): Station[] | undefined {
  const { desk } = useHost();
  const { data, refetch } = useQuery({
    queryKey: ["desk", "stations"],
    queryFn: () => desk.stations(),
    refetchInterval: REFRESH,
  });
  const wasLost = useRef(false);
  useEffect(() => {
    if (stream === "stale" || stream === "polling") wasLost.current = true;
    else if (stream === "live" && wasLost.current) {
      wasLost.current = false;
      void refetch();
    }
  }, [stream, refetch]);
  return data;
}
