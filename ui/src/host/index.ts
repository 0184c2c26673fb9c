/** Which door this page has: the shell's where there is one, else the browser's. */
import type { Host } from "./types";

declare global {
  interface Window {
    /** Set by the desktop shell before any script runs. */
    __TAURI_INTERNALS__?: unknown;
  }
}

/** Opens the door. Each host is a chunk of its own: a browser never loads the shell's, nor a kiosk the fake. */
export async function openHost(): Promise<Host> {
  if (window.__TAURI_INTERNALS__ !== undefined) return (await import("./tauri")).openTauriHost();
  // The floor in memory is for looking at screens; it is not in a production build at all.
  if (import.meta.env.MODE !== "production" && new URLSearchParams(location.search).has("scene")) {
    return (await import("./scenes")).openScene(location.search);
  }
  return (await import("./browser")).openBrowserHost();
}
