/** One timer for everything that shows passing time, however much of it is on screen. */
import { useSyncExternalStore } from "react";

interface Ticker {
  subscribe(redraw: () => void): () => void;
  read(): number;
}

function ticker(interval: number): Ticker {
  const watchers = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    subscribe(redraw) {
      watchers.add(redraw);
      if (watchers.size === 1) {
        now = Date.now();
        timer = setInterval(() => {
          now = Date.now();
          for (const watcher of watchers) watcher();
        }, interval);
      }
      return () => {
        watchers.delete(redraw);
        if (watchers.size === 0) clearInterval(timer);
      };
    },
    read: () => (watchers.size === 0 ? Date.now() - (Date.now() % interval) : now),
  };
}

/** Twice a second: a shown second is then never skipped. */
export const steady = ticker(500);
/** For what is read in tenths. */
const quick = ticker(200);

/** This device's clock (ms), for drawing. */
export function useNow(pace: "steady" | "quick" = "steady"): number {
  const { subscribe, read } = pace === "quick" ? quick : steady;
  return useSyncExternalStore(subscribe, read);
}
