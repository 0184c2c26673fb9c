/** Ignores touches for half a second after a screen change, and until the finger was up. */
import { useLayoutEffect, useRef } from "react";
import { SCREEN_SETTLES, ScreenGuard } from "../state/guard";

/**
 * Guards the whole page. `screen` names what is shown, null while there is nothing to touch yet; the page
 * carries `data-guard` open or closed, for tests.
 */
export function useScreenGuard(screen: string | null): void {
  const guard = useRef(new ScreenGuard());

  useLayoutEffect(() => {
    let swallowClick = false;
    const refuse = (event: Event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    const down = (event: PointerEvent) => {
      swallowClick = !guard.current.down(event.pointerId, performance.now());
      if (swallowClick) refuse(event);
    };
    const up = (event: PointerEvent) => {
      if (!guard.current.up(event.pointerId)) {
        swallowClick = true;
        refuse(event);
      }
    };
    // A click without a finger (keyboard, screen reader) has detail 0 and always counts.
    const click = (event: MouseEvent) => {
      if (swallowClick && event.detail > 0) refuse(event);
    };
    window.addEventListener("pointerdown", down, true);
    window.addEventListener("pointerup", up, true);
    window.addEventListener("pointercancel", up, true);
    window.addEventListener("click", click, true);
    return () => {
      window.removeEventListener("pointerdown", down, true);
      window.removeEventListener("pointerup", up, true);
      window.removeEventListener("pointercancel", up, true);
      window.removeEventListener("click", click, true);
    };
  }, []);

  const shown = useRef<string | null>(null);
  useLayoutEffect(() => {
    const page = document.documentElement;
    // The first screen follows nothing that a finger could have been meant for.
    if (shown.current !== null && shown.current !== screen) {
      guard.current.changed(performance.now());
      page.dataset.guard = "closed";
    }
    shown.current = screen;
    const timer = setTimeout(() => {
      page.dataset.guard = "open";
    }, SCREEN_SETTLES);
    return () => clearTimeout(timer);
  }, [screen]);
}
