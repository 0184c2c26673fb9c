import { describe, expect, it } from "vitest";
import { formatAge, freshness, nothingHeard, SILENCE_LIMIT } from "./freshness";

describe("freshness", () => {
  it("is connecting until something is heard", () => {
    expect(freshness(nothingHeard, 5_000)).toEqual({ kind: "connecting" });
  });

  it("is live with the age of the last sign of life", () => {
    expect(freshness({ state: "live", since: 0, lastAt: 9_600 }, 10_000)).toEqual({ kind: "live", age: 400 });
  });

  it("is stale since the server was last heard, not since that was noticed", () => {
    expect(freshness({ state: "stale", since: 20_000, lastAt: 9_600 }, 30_000)).toEqual({
      kind: "stale",
      since: 9_600,
    });
  });

  it("does not believe a stream that calls itself live and says nothing", () => {
    const heard = { state: "live", since: 0, lastAt: 1_000 } as const;
    expect(freshness(heard, 1_000 + SILENCE_LIMIT - 1).kind).toBe("live");
    expect(freshness(heard, 1_000 + SILENCE_LIMIT).kind).toBe("stale");
  });

  it("says when it is asking instead of listening", () => {
    expect(freshness({ state: "polling", since: 0, lastAt: 100 }, 2_100)).toEqual({ kind: "polling", age: 2_000 });
  });

  it("reads in tenths while they can be read", () => {
    expect(formatAge(440)).toBe("0.4");
    expect(formatAge(12_900)).toBe("12");
  });
});
