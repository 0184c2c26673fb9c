/** Keys of the board. Not while somebody types; by the character, since `/` and `?` lie elsewhere on each keyboard. */
import { useEffect, useRef } from "react";

export function useHotkeys(keys: Record<string, () => void>): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const { target } = event;
      if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return;
      // Letters by their place, so that `f` is found under a Hebrew layout; signs by what they are.
      const run = latest.current[event.key] ?? latest.current[event.code];
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", down);
    return () => window.removeEventListener("keydown", down);
  }, []);
}
