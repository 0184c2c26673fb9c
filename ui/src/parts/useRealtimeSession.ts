/** One session as it changes, open or ended: its row, its stretches and its reports. */
import { useMemo } from "react";
import type { SessionId } from "../generated/SessionId";
import { type SessionDetail, sessionDetail } from "../state/topics";
import { useTopic } from "./useTopic";

export function useRealtimeSession(id: SessionId): SessionDetail {
  return useTopic(useMemo(() => sessionDetail(id), [id]));
}
