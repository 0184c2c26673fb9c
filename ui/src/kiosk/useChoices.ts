/**
 * The stations that a worker can choose from, with who is there.
 *
 * The pipeline stream tells it live. Until it speaks, and where the server is away, the list that the host has
 * takes its place: a kiosk that can start without the server must be able to choose without it.
 */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
import type { StationChoice } from "../generated/StationChoice";
import type { WorkerId } from "../generated/WorkerId";
import { useHost } from "../host/context";
import type { StreamMessage } from "../host/types";
import { useStream } from "../parts/useStream";
import { mergePipeline, noPipeline } from "../state/topics";

/** What choosing a station takes of it. */
export type Choice = Pick<StationChoice, "id" | "code" | "name" | "occupancy" | "outsideAssignment">;

const nobody = () => () => {};

export interface Choices {
  /** Undefined while nothing is known. */
  readonly choices: readonly Choice[] | undefined;
  /** Who is where may have changed since. */
  readonly isOld: boolean;
  /** Neither stream nor list can be had. */
  readonly isError: boolean;
  readonly retry: () => void;
}

export function useChoices(workerId: WorkerId | null): Choices {
  const { kiosk } = useHost();
  const subscribe = useCallback(
    (listener: (message: StreamMessage) => void) => (workerId === null ? nobody() : kiosk.pipeline(workerId, listener)),
    [kiosk, workerId],
  );
  const { data: pipeline, heard, revocations } = useStream(subscribe, noPipeline, mergePipeline);
  const listed = useQuery({ queryKey: ["stations", workerId], queryFn: () => kiosk.stations() });
  const { refetch } = listed;
  useEffect(() => {
    // The sign-in has ended, or the kiosk's right: the host finds out which when it asks.
    if (revocations > 0) void refetch();
  }, [revocations, refetch]);
  const live = pipeline.known
    ? pipeline.stationOptions
        .filter(({ allowed }) => allowed)
        .map(({ stationId: id, code, name, occupancy, outsideAssignment }) => ({
          id,
          code,
          name,
          occupancy,
          outsideAssignment,
        }))
    : undefined;
  return {
    choices: live ?? listed.data,
    isOld: heard.state === "stale",
    isError: listed.isError,
    retry: () => void refetch(),
  };
}
