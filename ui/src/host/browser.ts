/**
 * The door in a browser: the same work that the kiosk's engine does in Rust, as far as a browser can.
 * Its parts are in `browser/`, one file each.
 */
import { disklessView } from "./blank";
import { browserDesk } from "./browser/desk";
import { BrowserKiosk } from "./browser/kiosk";
import { Store } from "./browser/store";
import type { Host, KioskHost, Unsubscribe } from "./types";

/** Subscribes once the kiosk is there, unless nobody listens any more by then. */
function later(
  opened: Promise<KioskHost>,
  subscribe: (kiosk: KioskHost) => Unsubscribe,
  failed = () => {},
): Unsubscribe {
  let stop: Unsubscribe | null = null;
  let ended = false;
  opened.then((kiosk) => {
    if (!ended) stop = subscribe(kiosk);
  }, failed);
  return () => {
    ended = true;
    stop?.();
  };
}

/**
 * The kiosk begins its work when a screen first asks for it: a supervisor's browser must not claim
 * sessions, beat, or open the kiosk's stream.
 */
function lazily(open: () => Promise<KioskHost>): KioskHost {
  let opening: Promise<KioskHost> | null = null;
  const opened = () => {
    opening ??= open();
    return opening;
  };
  return {
    watch: (listener) =>
      later(
        opened(),
        (kiosk) => kiosk.watch(listener),
        () => listener(disklessView),
      ),
    enroll: async (...args) => (await opened()).enroll(...args),
    isKept: async () => (await opened()).isKept(),
    signIn: async (...args) => (await opened()).signIn(...args),
    signOut: async () => (await opened()).signOut(),
    stations: async () => (await opened()).stations(),
    pipeline: (...args) => later(opened(), (kiosk) => kiosk.pipeline(...args)),
    statuses: async (...args) => (await opened()).statuses(...args),
    reasons: async (...args) => (await opened()).reasons(...args),
    jobItems: async (...args) => (await opened()).jobItems(...args),
    checklists: async (...args) => (await opened()).checklists(...args),
    requests: async () => (await opened()).requests(),
    open: async (...args) => (await opened()).open(...args),
    resume: async () => (await opened()).resume(),
    discard: async () => (await opened()).discard(),
    continueHere: async () => (await opened()).continueHere(),
    endedAt: async (...args) => (await opened()).endedAt(...args),
    handOver: async (...args) => (await opened()).handOver(...args),
    changeStatus: async (...args) => (await opened()).changeStatus(...args),
    giveReason: async (...args) => (await opened()).giveReason(...args),
    count: async (...args) => (await opened()).count(...args),
    report: async (...args) => (await opened()).report(...args),
    bind: async (...args) => (await opened()).bind(...args),
    unbind: async () => (await opened()).unbind(),
    askApproval: async (...args) => (await opened()).askApproval(...args),
    call: async (...args) => (await opened()).call(...args),
    cancelCall: async (...args) => (await opened()).cancelCall(...args),
    stillHere: async () => (await opened()).stillHere(),
    undo: async () => (await opened()).undo(),
    end: async (...args) => (await opened()).end(...args),
    abandon: async () => (await opened()).abandon(),
    acknowledgeEnded: async () => (await opened()).acknowledgeEnded(),
    acknowledgeUnsaid: async (...args) => (await opened()).acknowledgeUnsaid(...args),
    confirmMessage: async (...args) => (await opened()).confirmMessage(...args),
  };
}

export async function openBrowserHost(): Promise<Host> {
  const kiosk = lazily(async () => {
    const browser = new BrowserKiosk(await Store.open());
    // It shows itself at once and finds out the rest by itself.
    void browser.start();
    return browser;
  });
  return { kind: "browser", doors: "both", serverUrl: "", kiosk, desk: browserDesk };
}
