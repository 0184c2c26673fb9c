import { describe, expect, it } from "vitest";
import { durationSince, formatDuration, learn, offsetOf, offsetOfRoundTrip, unknownClock } from "./clock";

const at = (ms: number) => new Date(ms).toISOString();

describe("the server's clock", () => {
  it("is this device's while nothing is known", () => {
    expect(offsetOf(unknownClock)).toBe(0);
  });

  it("trusts the quickest message, since a slow one only makes the server look behind", () => {
    let clock = learn(unknownClock, at(10_000), 5_400);
    clock = learn(clock, at(20_000), 15_010);
    clock = learn(clock, at(30_000), 27_000);
    expect(offsetOf(clock)).toBe(4_990);
  });

  it("follows a clock that was set, after a few messages", () => {
    let clock = learn(unknownClock, at(100_000), 40_000);
    for (let n = 0; n < 8; n += 1) clock = learn(clock, at(50_000 + n), 50_000 + n);
    expect(offsetOf(clock)).toBe(0);
  });

  it("ignores what is no time", () => {
    expect(learn(unknownClock, "soon", 1)).toBe(unknownClock);
  });

  it("takes the middle of a round trip", () => {
    expect(offsetOfRoundTrip(at(10_000), 4_000, 4_200)).toBe(5_900);
    expect(offsetOfRoundTrip("?", 1, 2)).toBeNull();
  });
});

describe("durations", () => {
  it("are drawn on the server's clock and never negative", () => {
    expect(durationSince(at(60_000), 30_000, 40_000)).toBe(10_000);
    expect(durationSince(at(60_000), 30_000, 0)).toBe(0);
  });

  it.each([
    [0, "00:00"],
    [59_999, "00:59"],
    [754_000, "12:34"],
    [3_600_000, "1:00:00"],
    [93_784_000, "26:03:04"],
  ])("%i ms reads %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
