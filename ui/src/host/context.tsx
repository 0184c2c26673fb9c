/** The door, as screens reach it. */
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from "react";
import type { KioskView } from "../generated/KioskView";
import { blankView } from "./blank";
import type { Host, KioskHost } from "./types";

const HostContext = createContext<Host | null>(null);

export function HostProvider({ host, children }: { host: Host; children: ReactNode }) {
  return <HostContext value={host}>{children}</HostContext>;
}

export function useHost(): Host {
  const host = useContext(HostContext);
  if (!host) throw new Error("A screen was drawn outside of HostProvider.");
  return host;
}

/** One subscription to the view for as long as anybody looks. */
function viewStore(kiosk: KioskHost) {
  let view = blankView;
  return {
    subscribe: (redraw: () => void) =>
      kiosk.watch((next) => {
        view = next;
        redraw();
      }),
    read: () => view,
  };
}

/** What the kiosk shows now. */
export function useKioskView(): KioskView {
  const { kiosk } = useHost();
  const store = useMemo(() => viewStore(kiosk), [kiosk]);
  return useSyncExternalStore(store.subscribe, store.read);
}
