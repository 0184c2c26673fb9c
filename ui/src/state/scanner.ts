/**
 * Reads badges from a scanner that poses as a keyboard.
 *
 * It goes by the physical key (`event.code`), so that a Hebrew or Russian layout changes nothing, and by
 * speed: no hand types five keys with less than 50 ms between them, no scanner is slower.
 */

/** The longest pause inside one scan (ms). */
const PAUSE = 50;

/** Fewer keys than this are a hand. */
const SHORTEST = 3;

export interface Key {
  /** `KeyboardEvent.code` */
  readonly code: string;
  readonly shift: boolean;
  /** ms */
  readonly at: number;
}

const MARKS: Record<string, string> = {
  Minus: "-",
  NumpadSubtract: "-",
  Period: ".",
  NumpadDecimal: ".",
  Slash: "/",
  NumpadDivide: "/",
};

/** The character a physical key stands for on a badge; null for keys that are on none. */
export function characterOf(code: string): string | null {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code);
  if (digit?.[1]) return digit[1];
  const letter = /^Key([A-Z])$/.exec(code);
  if (letter?.[1]) return letter[1];
  return MARKS[code] ?? null;
}

export type Read =
  /** A key of a hand, or the first keys of a scan. */
  | { kind: "key"; character: string }
  /** A whole badge. */
  | { kind: "scan"; text: string }
  /** Enter by hand. */
  | { kind: "enter" }
  | { kind: "backspace" }
  | { kind: "other" };

export class Scanner {
  #text = "";
  #last = Number.NEGATIVE_INFINITY;

  /** What this key means. A scan's keys are reported one by one as well; `scan` says that they were one. */
  read(key: Key): Read {
    const quick = key.at - this.#last <= PAUSE;
    this.#last = key.at;
    if (key.code === "Enter" || key.code === "NumpadEnter") {
      const text = this.#text;
      this.#text = "";
      return quick && text.length >= SHORTEST ? { kind: "scan", text } : { kind: "enter" };
    }
    const character = characterOf(key.code);
    if (character === null) {
      // Shift and the like come between the characters of a badge and say nothing.
      return key.code === "Backspace" ? { kind: "backspace" } : { kind: "other" };
    }
    this.#text = quick ? this.#text + character : character;
    return { kind: "key", character };
  }
}
