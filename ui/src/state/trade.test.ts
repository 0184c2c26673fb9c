/** The same cases as `crates/domain/src/trade_cases.rs` runs: what is told twice is told alike. */
import { describe, expect, it } from "vitest";
import cases from "../../../tests/trade-cases.json";
import type { Checklist } from "../generated/Checklist";
import type { Quantities } from "../generated/Quantities";
import type { StatusDefinition } from "../generated/StatusDefinition";
import { count, entering, listDone, NOTE_MAX, note, PIECES_MAX, pieces } from "./trade";

describe("the rules that a browser tells again", () => {
  it.each(cases.counts)("count: $name", ({ quantities, code, good, scrap }) => {
    const counted = quantities as Quantities;
    expect(count(counted)?.code ?? null).toBe(code);
    if (code === null) expect(pieces(counted)).toEqual({ good, scrap });
    expect(PIECES_MAX).toBe(1_000_000);
  });

  it.each(cases.notes)("note: $name", ({ characters, code }) => {
    expect(note("ש".repeat(characters))?.code ?? null).toBe(code);
    expect(NOTE_MAX).toBe(500);
  });

  it.each(cases.statuses)("status: $name", ({ change, code, ...status }) => {
    const wanted = status as Pick<StatusDefinition, "reasonWanted" | "reportType">;
    expect(entering(wanted, change as Parameters<typeof entering>[1])?.code ?? null).toBe(code);
  });

  it.each(cases.answers)("checklist: $name", ({ given, code }) => {
    const list = cases.checklist as unknown as Checklist;
    const answered = given && {
      checklistId: list.id,
      version: given.version,
      answers: Object.entries(given.answers).map(([itemId, value]) => ({ itemId, value })),
    };
    expect(listDone(list, answered ?? undefined)?.code ?? null).toBe(code);
  });
});
