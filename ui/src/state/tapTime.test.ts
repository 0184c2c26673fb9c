import { describe, expect, it } from "vitest";
import { type Heard, type Tap, timeOfTap, withHeard } from "./tapTime";

const T0 = Date.parse("2026-11-24T06:00:00.000Z");
const tap = (more: Partial<Tap> = {}): Tap => ({ page: "p1", wallAt: T0, upAt: 60_000, runningFor: 60_000, ...more });
const heard = (more: Partial<Heard> = {}): Heard => ({
  page: "p1",
  wallAt: T0 + 10_000,
  upAt: 70_000,
  serverAt: T0 + 100_000,
  ...more,
});

describe("when a tap was", () => {
  it("is told by what was learnt after it", () => {
    expect(timeOfTap(tap(), [heard()], 0)).toEqual({
      occurredAt: "2026-11-24T06:01:30.000Z",
      wallAt: "2026-11-24T06:00:00.000Z",
      clock: "synced",
      runningSince: "2026-11-24T06:00:30.000Z",
    });
  });

  it("is told by the moment before, where the machine slept between the tap and the latest", () => {
    const before = heard({ wallAt: T0 - 10_000, upAt: 50_000, serverAt: T0 + 80_000 });
    const afterSleep = heard({ wallAt: T0 + 3_600_000, upAt: 75_000, serverAt: T0 + 3_690_000 });
    expect(timeOfTap(tap(), [before, afterSleep], 0)).toMatchObject({
      occurredAt: "2026-11-24T06:01:30.000Z",
      clock: "synced",
    });
  });

  it("is told rightly where the wall clock was wrong and was set", () => {
    const year = 365 * 24 * 3_600_000;
    const wrong = tap({ wallAt: T0 - year });
    const before = heard({ wallAt: T0 - year - 10_000, upAt: 50_000, serverAt: T0 - 10_000 });
    expect(timeOfTap(wrong, [before, heard({ serverAt: T0 + 10_000 })], 0).occurredAt).toBe("2026-11-24T06:00:00.000Z");
  });

  it.each([
    ["another page's moments", [heard({ page: "p2" })]],
    ["clocks that parted by more than 5 s", [heard({ wallAt: T0 + 15_001 })]],
    ["nothing", []],
  ])("is a guess by the wall clock with %s", (_what, known) => {
    expect(timeOfTap(tap(), known, 2_000)).toMatchObject({
      occurredAt: "2026-11-24T06:00:02.000Z",
      clock: "estimated",
    });
  });

  it("keeps of moments that agree the newest, and one for each way the clocks went", () => {
    const slept = heard({ wallAt: T0 + 3_600_000, upAt: 80_000 });
    const kept = [heard(), heard({ wallAt: T0 + 25_000, upAt: 85_000 }), slept].reduce(withHeard, [] as Heard[]);
    expect(kept.map(({ upAt }) => upAt)).toEqual([85_000, 80_000]);
  });
});
