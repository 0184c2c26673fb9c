/** Keys of the kiosk, by their place on the keyboard: badges from a scanner, and a number typed by hand. */
import { useEffect, useRef } from "react";
import { type Read, Scanner } from "../state/scanner";

/**
 * Calls back for each key that may mean something; a key that was taken (true) goes nowhere else. Fields
 * that are typed into keep their keys.
 */
export function useKeys(onRead: (read: Read) => boolean): void {
  const scanner = useRef(new Scanner());
  const latest = useRef(onRead);
  useEffect(() => {
    latest.current = onRead;
  });
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      const typedInto = event.target instanceof HTMLInputElement && !event.target.readOnly;
      const read = scanner.current.read({ code: event.code, shift: event.shiftKey, at: event.timeStamp });
      if (read.kind === "other" || (typedInto && read.kind !== "scan")) return;
      // Enter on a focused button presses it; only the end of a scan is taken away from it.
      if (read.kind === "enter" && event.target instanceof HTMLButtonElement) return;
      if (!latest.current(read)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener("keydown", down, true);
    return () => window.removeEventListener("keydown", down, true);
  }, []);
}
