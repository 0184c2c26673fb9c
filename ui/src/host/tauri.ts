/**
 * The door as the desktop shell holds it. The only file that imports `@tauri-apps/*`.
 *
 * The Rust side owns the session, beats the heart, keeps the outbox and reads the streams; here are only
 * the calls. Deliberately no logic: what would be wrong here would be wrong only in the desktop app.
 */
import { Channel, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { KioskView } from "../generated/KioskView";
import type { Problem } from "../generated/Problem";
import { blankView } from "./blank";
import {
  type DeskHost,
  type Doors,
  type Host,
  HostError,
  type KioskHost,
  type StreamMessage,
  type Unsubscribe,
} from "./types";

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}

/** A command of the shell. It rejects with a problem; anything else (a panic, a refused command) is told as one. */
async function command<T>(name: string, args?: Record<string, unknown>): Promise<T> {
  try {
    return await invoke<T>(name, args);
  } catch (error) {
    if (isProblem(error)) throw new HostError(error);
    throw new HostError({
      type: "urn:millrace:problem:internal",
      title: "The shell failed",
      status: 500,
      detail: String(error),
      code: "INTERNAL",
    });
  }
}

/** Hears the view before it asks for it, so that no change falls between the two. */
function watch(listener: (view: KioskView) => void): () => void {
  let ended = false;
  let pushed = false;
  listener(blankView);
  const listening = listen<KioskView>("kiosk-view", (event) => {
    pushed = true;
    if (!ended) listener(event.payload);
  });
  listening
    .then(() => command<KioskView>("kiosk_view"))
    .then((view) => {
      if (!ended && !pushed) listener(view);
    })
    .catch(() => {
      // Without an answer the blank view stays: it says that nothing is known yet.
    });
  return () => {
    if (ended) return;
    ended = true;
    void listening.then((stop) => stop());
  };
}

/** A stream that the shell reads, until it is unsubscribed. */
function subscribe(
  name: string,
  args: Record<string, unknown>,
  listener: (message: StreamMessage) => void,
): Unsubscribe {
  let ended = false;
  const channel = new Channel<StreamMessage>();
  channel.onmessage = (message) => {
    if (!ended) listener(message);
  };
  const subscribed = command<number>(name, { ...args, channel });
  subscribed.catch(() => {
    if (!ended) listener({ type: "state", state: "stale", since: Date.now() });
  });
  return () => {
    if (ended) return;
    ended = true;
    subscribed
      .then((subscription) => command("unsubscribe", { subscription }))
      .catch(() => {
        // It never began, or the shell has forgotten it: there is nothing left to end.
      });
  };
}

const kiosk: KioskHost = {
  watch,
  enroll: (serverUrl, code) => command("kiosk_enroll", { serverUrl, code }),
  // The engine's own file, which nobody throws away.
  isKept: async () => true,
  signIn: (workerCode, pin) => command("kiosk_sign_in", { workerCode, pin: pin ?? null }),
  signOut: () => command("kiosk_sign_out"),
  stations: () => command("kiosk_stations"),
  pipeline: (_workerId, listener) => subscribe("kiosk_pipeline", {}, listener),
  statuses: (stationId) => command("kiosk_statuses", { stationId }),
  reasons: (stationId, type) => command("kiosk_reasons", { stationId, type }),
  jobItems: (stationId) => command("kiosk_job_items", { stationId }),
  checklists: (stationId) => command("kiosk_checklists", { stationId }),
  requests: () => command("kiosk_requests"),
  open: (stationId, checklist) => command("kiosk_open", { stationId, checklist: checklist ?? null }),
  resume: () => command("kiosk_resume"),
  discard: () => command("kiosk_discard"),
  continueHere: () => command("kiosk_continue_here"),
  endedAt: (at) => command("kiosk_ended_at", { at }),
  handOver: (taking) => command("kiosk_hand_over", { taking }),
  changeStatus: (change) => command("kiosk_change_status", { change }),
  giveReason: (statusEventId, reasonId, note) =>
    command("kiosk_give_reason", { statusEventId, reasonId, note: note ?? null }),
  count: (quantities) => command("kiosk_count", { quantities }),
  report: (report) => command("kiosk_report", { report }),
  bind: (choice) => command("kiosk_bind", { choice }),
  unbind: () => command("kiosk_unbind"),
  askApproval: (note) => command("kiosk_ask_approval", { note: note ?? null }),
  call: (note) => command("kiosk_call", { note: note ?? null }),
  cancelCall: (callId) => command("kiosk_cancel_call", { callId }),
  stillHere: () => command("kiosk_still_here"),
  undo: () => command("kiosk_undo"),
  end: (ending) => command("kiosk_end", { ending }),
  abandon: () => command("kiosk_abandon"),
  acknowledgeEnded: () => command("kiosk_acknowledge_ended"),
  acknowledgeUnsaid: (seqs) => command("kiosk_acknowledge_unsaid", { seqs }),
  confirmMessage: (messageId) => command("kiosk_confirm_message", { messageId }),
};

const desk: DeskHost = {
  me: () => command("desk_me"),
  login: (serverUrl, username, password) => command("desk_login", { serverUrl, username, password }),
  logout: () => command("desk_logout"),
  ask: (request) => command("desk_ask", { request }),
  picture: async (imageId) =>
    new Blob([await command<ArrayBuffer>("desk_picture", { imageId })], { type: "image/jpeg" }),
  watch: (topics, listener) => subscribe("desk_watch", { topics }, listener),
};

/** The shell's door, with the role it was set up in. */
export async function openTauriHost(): Promise<Host> {
  const { doors, serverUrl } = await command<{ doors: Doors; serverUrl: string | null }>("app_settings");
  return { kind: "desktop", doors, serverUrl: serverUrl ?? "", kiosk, desk };
}
