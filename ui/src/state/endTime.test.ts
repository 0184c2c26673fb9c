import { describe, expect, it } from "vitest";
import { endOf, shownTime } from "./endTime";

const at = (day: number, hours: number, minutes: number, seconds = 0) =>
  new Date(2026, 10, day, hours, minutes, seconds).getTime();

describe("the time at which a session ended", () => {
  it.each([
    ["", "––:––"],
    ["07", "07:––"],
    ["0742", "07:42"],
  ])("%s is shown as %s", (typed, shown) => expect(shownTime(typed)).toBe(shown));

  it.each([
    ["within today's shift", "0930", at(27, 6, 0), at(27, 10, 0), at(27, 9, 30)],
    ["yesterday, where that is still to come today", "2315", at(26, 22, 0), at(27, 1, 0), at(26, 23, 15)],
    ["the minute in which it began", "0600", at(27, 6, 0, 40), at(27, 10, 0), at(27, 6, 0, 40)],
    ["before it began: none", "0559", at(27, 6, 0), at(27, 10, 0), null],
    ["after now, and no session yesterday: none", "1100", at(27, 6, 0), at(27, 10, 0), null],
    ["no time of day", "2560", at(27, 6, 0), at(27, 10, 0), null],
    ["three digits", "093", at(27, 6, 0), at(27, 10, 0), null],
  ])("%s", (_what, typed, startedAt, now, wanted) => expect(endOf(typed, startedAt, now)).toBe(wanted));
});
