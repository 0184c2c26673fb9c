import { describe, expect, it } from "vitest";
import type { KioskView } from "../generated/KioskView";
import { blankView, disklessView } from "../host/blank";
import { fakeSession, ownSession } from "../host/fake";
import { emptyFloor } from "../host/floor";
import { screenOf } from "./screen";

const floor = emptyFloor();
const [worker, other] = floor.workers;
const [station] = floor.stations;
const [status] = floor.statuses;
if (!worker || !other || !station || !status) throw new Error("The floor of tests is empty.");
const session = fakeSession(worker, station, status, "2026-11-24T06:00:00.000Z");
const own = ownSession(session);
const resumable = { session, here: true, graceExpiresAt: "2026-11-24T06:05:00.000Z" };
const ready: KioskView = {
  ...blankView,
  kiosk: { id: "k1", name: "Kiosk 1", stationId: null, serverUrl: "" },
  link: { state: "online", since: "2026-11-24T06:00:00.000Z" },
};
const ended = {
  kind: "closed",
  sessionId: "s",
  reason: "idle",
  by: null,
  note: null,
  at: null,
  problem: null,
  waiting: 0,
} as const;
const plain = { summary: null, wantsSignIn: false };

describe("the screen", () => {
  it.each<[string, Partial<KioskView>, Partial<typeof plain> | { summary: typeof session }]>([
    ["signIn", {}, {}],
    ["enrol", { kiosk: null }, {}],
    ["enrol", { link: { state: "refused", since: "" } }, {}],
    ["stations", { worker }, {}],
    ["resume", { worker, resumable }, {}],
    ["work", { worker, session: own }, {}],
    // Nobody has to be signed in for what the machine does.
    ["work", { session: own }, {}],
    ["work", { session: own, link: { state: "offline", since: "" } }, {}],
    ["handOver", { worker: other, session: own }, {}],
    ["signIn", { worker, session: own }, { wantsSignIn: true }],
    ["summary", { worker }, { summary: session }],
    // How a session was lost is seen before anything else.
    ["ended", { worker, ended, resumable }, { summary: session }],
    ["ended", { ended, kiosk: null }, {}],
  ])("is %s for %j", (screen, view, local) => {
    expect(screenOf({ ...ready, ...view }, { ...plain, ...local })).toBe(screen);
  });

  it("waits while nothing is known, and says where nothing can be kept", () => {
    expect(screenOf(blankView, plain)).toBe("loading");
    expect(screenOf(disklessView, plain)).toBe("diskless");
  });
});
