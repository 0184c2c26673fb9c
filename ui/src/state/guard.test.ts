import { describe, expect, it } from "vitest";
import { CommitGuard, ScreenGuard } from "./guard";

describe("the same committing action", () => {
  it("is one within three seconds, and two after", () => {
    const guard = new CommitGuard();
    expect(guard.admit("status/setup", 0)).toBe(true);
    expect(guard.admit("status/setup", 2_999)).toBe(false);
    expect(guard.admit("status/setup", 3_000)).toBe(true);
  });

  it("is another one with other content", () => {
    const guard = new CommitGuard();
    guard.admit("status/setup", 0);
    expect(guard.admit("status/production", 100)).toBe(true);
    expect(guard.admit("status/setup", 200)).toBe(true);
  });

  it("may be tried again at once when it failed", () => {
    const guard = new CommitGuard();
    guard.admit("open/1", 0);
    guard.forget();
    expect(guard.admit("open/1", 50)).toBe(true);
  });
});

describe("touches after a screen change", () => {
  it("count for nothing for half a second", () => {
    const guard = new ScreenGuard();
    guard.changed(1_000);
    expect(guard.down(1, 1_499)).toBe(false);
    expect(guard.up(1)).toBe(false);
    expect(guard.down(1, 1_500)).toBe(true);
    expect(guard.up(1)).toBe(true);
  });

  it("count for nothing until the finger was up, however long it rests", () => {
    const guard = new ScreenGuard();
    expect(guard.down(7, 0)).toBe(true);
    guard.changed(100);
    expect(guard.isOpen(5_000)).toBe(false);
    expect(guard.up(7)).toBe(false);
    expect(guard.isOpen(5_000)).toBe(true);
    expect(guard.down(7, 5_001)).toBe(true);
  });

  it("are judged finger by finger", () => {
    const guard = new ScreenGuard();
    guard.down(1, 0);
    guard.changed(10);
    expect(guard.down(2, 600)).toBe(true);
    expect(guard.up(1)).toBe(false);
    expect(guard.up(2)).toBe(true);
  });
});
