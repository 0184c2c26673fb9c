import type { KioskView } from "../generated/KioskView";

/** A view of which nothing is known yet. */
export const blankView: KioskView = {
  kiosk: null,
  link: { state: "connecting", since: new Date(0).toISOString() },
  waiting: 0,
  hold: null,
  disk: null,
  worker: null,
  unverified: false,
  resumable: null,
  provisional: null,
  session: null,
  ended: null,
  lastAction: null,
  unsaid: [],
  undo: null,
  provisions: null,
  messages: [],
  serverOffsetMs: 0,
};

/** The view where nothing can be kept: no kiosk can be made of such a device. */
export const disklessView: KioskView = { ...blankView };
