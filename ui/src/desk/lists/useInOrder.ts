/** Rows by a code, so that `L-2` comes before `L-10`. */
import { useMemo, useRef } from "react";

export function useInOrder<T>(rows: ReadonlyMap<string, T>, by: (row: T) => string): T[] {
  const key = useRef(by);
  return useMemo(
    () => [...rows.values()].sort((a, b) => key.current(a).localeCompare(key.current(b), "en", { numeric: true })),
    [rows],
  );
}
