import { describe, expect, it } from "vitest";
import { backoff } from "./backoff";

describe("back-off", () => {
  it("lies between one second and a ceiling that doubles up to thirty", () => {
    expect(backoff(0, 0)).toBe(1_000);
    expect(backoff(0, 0.999)).toBeLessThanOrEqual(2_000);
    expect(backoff(3, 0.5)).toBe(8_500);
    expect(backoff(40, 0.9999)).toBeLessThanOrEqual(30_000);
    expect(backoff(40, 0)).toBe(1_000);
  });

  it("never undercuts what the server wished", () => {
    expect(backoff(0, 0, 12_000)).toBe(12_000);
    expect(backoff(9, 0.99, 2_000)).toBeGreaterThan(2_000);
  });
});
