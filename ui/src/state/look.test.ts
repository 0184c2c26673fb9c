import { describe, expect, it } from "vitest";
import { contrast, textOn } from "./contrast";
import { labelOf, lookOf, PAINT } from "./look";

describe("looks", () => {
  it("find malfunction by its key, never by a label", () => {
    expect(lookOf({ key: "malfunction", machineState: "stoppage" })).toBe("malfunction");
    expect(lookOf({ key: "stop", machineState: "stoppage" })).toBe("stoppage");
    expect(lookOf(null)).toBe("none");
  });

  it("can be read: every state's text has a contrast of at least 4.5", () => {
    for (const { background, text } of Object.values(PAINT))
      expect(contrast(background, text)).toBeGreaterThanOrEqual(4.5);
    expect(textOn("#F5B301")).toBe("#14181d");
    expect(textOn("#1B7A3D")).toBe("#ffffff");
  });

  it("speak the reader's language, else English, else whatever there is", () => {
    expect(labelOf({ en: "Setup", he: "כיוון" }, "he")).toBe("כיוון");
    expect(labelOf({ en: "Setup" }, "he")).toBe("Setup");
    expect(labelOf({ ru: "Наладка" }, "he")).toBe("Наладка");
    expect(labelOf({}, "he", "setup")).toBe("setup");
  });
});
