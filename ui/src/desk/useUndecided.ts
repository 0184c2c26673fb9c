/** How many entries of each session wait in quarantine: figures that have some are marked. */
import { useMemo } from "react";
import type { SessionId } from "../generated/SessionId";
import { useTopic } from "../parts/useTopic";
import { undecidedBySession } from "../state/quarantine";
import { notifications } from "../state/topics";

export function useUndecided(): ReadonlyMap<SessionId, number> {
  const { rows } = useTopic(notifications);
  return useMemo(() => undecidedBySession(rows.values()), [rows]);
}
