/** Templates for the steps of an item: asked for once somebody begins to make one. */
import type { Preset } from "../../generated/Preset";
import { useList } from "./useList";

export function usePresets(isWanted: boolean): readonly Preset[] {
  return useList<Preset>("/api/admin/presets?limit=500", undefined, isWanted).items;
}
