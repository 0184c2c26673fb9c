import { describe, expect, it } from "vitest";
import { languages } from ".";

function texts(tree: object, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(tree)) {
    const here = path === "" ? name : `${path}.${name}`;
    if (typeof value === "string") found.set(here, value);
    else for (const [key, text] of texts(value as object, here)) found.set(key, text);
  }
  return found;
}
const blanks = (text: string) => (text.match(/\{\{\w+\}\}/g) ?? []).sort();
const english = texts(languages.get("en")?.words ?? {});

describe("languages", () => {
  it("are English and Hebrew, Hebrew from right to left", () => {
    expect([...languages.keys()].sort()).toEqual(["en", "he"]);
    expect(languages.get("he")?.direction).toBe("rtl");
  });

  it.each([...languages])("%s says everything, with the same blanks to fill in", (_code, { words }) => {
    const said = texts(words);
    expect([...said.keys()]).toEqual([...english.keys()]);
    for (const [key, text] of said) {
      expect(text.trim(), key).not.toBe("");
      expect(blanks(text), key).toEqual(blanks(english.get(key) ?? ""));
    }
  });
});
