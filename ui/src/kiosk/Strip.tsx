/** The confirmation strip: what became of the last tap. "Saved here" and "sent" are different words. */
import { Check, CheckCheck, History, Save, TriangleAlert, Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { KioskView } from "../generated/KioskView";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { wordsFor } from "../parts/problems";
import { useCommits } from "./commit";

const SIGNS = {
  saved: Save,
  applied: CheckCheck,
  late: History,
  quarantined: History,
  refused: TriangleAlert,
  parked: TriangleAlert,
  broken: TriangleAlert,
} as const;
const WORDS = {
  saved: "strip.saved",
  applied: "strip.sent",
  late: "strip.late",
  quarantined: "strip.quarantined",
  refused: "strip.refused",
  parked: "strip.parked",
  broken: "strip.broken",
} as const;

export function Strip({ view }: { view: KioskView }) {
  const { t } = useTranslation();
  const { kiosk } = useHost();
  const { strip, commit } = useCommits();
  if (!strip) return null;
  const { lastAction: last, undo } = view;

  let Icon = Check;
  let label = "";
  let words: string = t("strip.merged");
  let outcome = "merged";
  let takesBack: (() => void) | null = null;
  if (strip.kind === "failed") {
    [Icon, words, outcome] = [TriangleAlert, wordsFor(t, strip.code), "failed"];
  } else {
    label = strip.label;
    if (strip.kind === "action") {
      // It is on disk. The view that names it may come after the answer; until then it tells of the entry before.
      const entry = last !== null && last.seq > strip.after ? last : null;
      const state = entry?.state ?? "saved";
      [Icon, words, outcome] = [SIGNS[state], t(WORDS[state]), state];
      if (entry?.problem) words = wordsFor(t, entry.problem.code);
      if (undo && undo.seq > strip.after) {
        const told = { label: t("strip.takenBack"), after: undo.seq };
        takesBack = () => void commit(`undo/${undo.seq}`, () => kiosk.undo(), told);
      }
    }
  }
  const bad = outcome === "failed" || outcome === "refused" || outcome === "broken";
  return (
    <div
      role={bad ? "alert" : "status"}
      data-testid="strip"
      data-state={outcome}
      className={`appearing flex min-h-16 items-center gap-4 rounded-card border-2 bg-card px-6 py-2 text-xl text-ink ${bad ? "border-bad" : "border-ink"}`}
    >
      <Icon size={28} aria-hidden className={`shrink-0 ${bad ? "text-bad" : ""}`} />
      {label !== "" && <span className="line-clamp-2 font-semibold">{label}</span>}
      <span className="min-w-0 flex-1">{words}</span>
      {takesBack && (
        <Action onPress={takesBack} testId="undo" className="shrink-0">
          <Undo2 size={26} aria-hidden className="rtl:-scale-x-100" />
          {t("strip.takeBack")}
        </Action>
      )}
    </div>
  );
}
