import { describe, expect, it } from "vitest";
import { characterOf, type Read, Scanner } from "./scanner";

/** Presses these keys, so many ms apart, and returns what the last one meant. */
function press(scanner: Scanner, codes: string[], apart: number, from = 0): Read {
  let read: Read = { kind: "other" };
  codes.forEach((code, at) => {
    read = scanner.read({ code, shift: false, at: from + at * apart });
  });
  return read;
}

const BADGE = ["KeyW", "Digit1", "Digit0", "Digit4", "Digit2"];

describe("a badge scanner", () => {
  it("is told from a hand by its speed", () => {
    expect(press(new Scanner(), [...BADGE, "Enter"], 8)).toEqual({ kind: "scan", text: "W1042" });
    expect(press(new Scanner(), [...BADGE, "Enter"], 120)).toEqual({ kind: "enter" });
  });

  it("does not take what a hand typed before it", () => {
    const scanner = new Scanner();
    press(scanner, ["Digit9", "Digit9"], 200);
    expect(press(scanner, [...BADGE, "Enter"], 8, 5_000)).toEqual({ kind: "scan", text: "W1042" });
  });

  it("is not a scan when a hand presses Enter after it", () => {
    const scanner = new Scanner();
    press(scanner, BADGE, 8);
    expect(scanner.read({ code: "Enter", shift: false, at: 2_000 })).toEqual({ kind: "enter" });
  });

  it("reads through shift keys", () => {
    expect(press(new Scanner(), ["ShiftLeft", "KeyW", "ShiftLeft", "Digit1", "Digit2", "NumpadEnter"], 5)).toEqual({
      kind: "scan",
      text: "W12",
    });
  });

  it("goes by the place of the key, not by what a Hebrew layout makes of it", () => {
    expect(characterOf("KeyA")).toBe("A");
    expect(characterOf("Numpad7")).toBe("7");
    expect(characterOf("Minus")).toBe("-");
    expect(characterOf("F5")).toBeNull();
  });
});
