import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { soon } from "../app/soon";
import type { KioskView } from "../generated/KioskView";
import { blankView } from "./blank";
import { openTauriHost } from "./tauri";
import type { Host, StreamMessage } from "./types";

/** What the shell was asked, and what it answers. */
let asked: Array<[command: string, args: unknown]>;
let answers: Record<string, unknown>;

async function open(): Promise<Host> {
  mockIPC(
    (command, args) => {
      asked.push([command, args]);
      const answer = answers[command];
      if (answer instanceof Function) return answer(args);
      return answer ?? null;
    },
    { shouldMockEvents: true },
  );
  return openTauriHost();
}

beforeEach(() => {
  asked = [];
  answers = { app_settings: { doors: "kiosk", kioskMode: false, serverUrl: "http://10.0.0.5:7420" } };
});
afterEach(clearMocks);

describe("the desktop's door", () => {
  it("knows the role and the server it was started with", async () => {
    expect(await open()).toMatchObject({ kind: "desktop", doors: "kiosk", serverUrl: "http://10.0.0.5:7420" });
  });

  it.each<[string, unknown, (host: Host) => Promise<unknown>]>([
    ["kiosk_enroll", { serverUrl: "u", code: "c" }, ({ kiosk }) => kiosk.enroll("u", "c")],
    ["kiosk_sign_in", { workerCode: "1001", pin: null }, ({ kiosk }) => kiosk.signIn("1001")],
    ["kiosk_sign_in", { workerCode: "1001", pin: "4711" }, ({ kiosk }) => kiosk.signIn("1001", "4711")],
    ["kiosk_statuses", { stationId: "s" }, ({ kiosk }) => kiosk.statuses("s")],
    ["kiosk_reasons", { stationId: "s", type: "stop" }, ({ kiosk }) => kiosk.reasons("s", "stop")],
    ["kiosk_open", { stationId: "s", checklist: null }, ({ kiosk }) => kiosk.open("s")],
    [
      "kiosk_change_status",
      { change: { statusDefinitionId: "d", reasonId: "r" } },
      ({ kiosk }) => kiosk.changeStatus({ statusDefinitionId: "d", reasonId: "r" }),
    ],
    ["kiosk_continue_here", {}, ({ kiosk }) => kiosk.continueHere()],
    ["kiosk_ended_at", { at: "t" }, ({ kiosk }) => kiosk.endedAt("t")],
    ["kiosk_undo", {}, ({ kiosk }) => kiosk.undo()],
    ["kiosk_acknowledge_unsaid", { seqs: [1, 2] }, ({ kiosk }) => kiosk.acknowledgeUnsaid([1, 2])],
    ["kiosk_confirm_message", { messageId: "m" }, ({ kiosk }) => kiosk.confirmMessage("m")],
    ["kiosk_give_reason", { statusEventId: "e", reasonId: "r", note: null }, ({ kiosk }) => kiosk.giveReason("e", "r")],
    ["desk_login", { serverUrl: "u", username: "n", password: "p" }, ({ desk }) => desk.login("u", "n", "p")],
  ])("calls %s with %j", async (command, args, call) => {
    await call(await open());
    expect(asked.at(-1)).toEqual([command, args]);
  });

  it("passes a problem on with its code, and makes one of anything else", async () => {
    const host = await open();
    const problem = { type: "", title: "", status: 409, detail: "Taken.", code: "STATION_OCCUPIED" };
    answers.kiosk_open = () => Promise.reject(problem);
    await expect(host.kiosk.open("s")).rejects.toMatchObject({ problem });
    answers.kiosk_open = () => Promise.reject("not allowed by ACL");
    await expect(host.kiosk.open("s")).rejects.toMatchObject({
      problem: { code: "INTERNAL", detail: "not allowed by ACL" },
    });
  });

  it("shows the view that is known, and each one that is pushed", async () => {
    const host = await open();
    answers.kiosk_view = { ...blankView, waiting: 1 } satisfies KioskView;
    const seen: number[] = [];
    const stop = host.kiosk.watch(({ waiting }) => seen.push(waiting));
    await soon(() => expect(seen).toEqual([0, 1]));
    const { emit } = await import("@tauri-apps/api/event");
    await emit("kiosk-view", { ...blankView, waiting: 2 });
    await soon(() => expect(seen).toEqual([0, 1, 2]));
    stop();
    stop();
    await emit("kiosk-view", { ...blankView, waiting: 3 });
    expect(seen).toEqual([0, 1, 2]);
  });

  it("hands stream messages on until it is unsubscribed, and tells the shell", async () => {
    const host = await open();
    let channel: { onmessage: (message: StreamMessage) => void } | undefined;
    let topics: unknown;
    answers.desk_watch = (args: { topics: unknown; channel: typeof channel }) => {
      topics = args.topics;
      channel = args.channel;
      return 7;
    };
    const seen: StreamMessage[] = [];
    const stop = host.desk.watch(["stations", "session/s1"], (message) => seen.push(message));
    await soon(() => expect(channel).toBeDefined());
    expect(topics).toEqual(["stations", "session/s1"]);
    channel?.onmessage({ type: "state", state: "live", since: 1 });
    expect(seen).toHaveLength(1);
    stop();
    stop();
    channel?.onmessage({ type: "state", state: "stale", since: 2 });
    expect(seen).toHaveLength(1);
    await soon(() => expect(asked.at(-1)).toEqual(["unsubscribe", { subscription: 7 }]));
  });
});
