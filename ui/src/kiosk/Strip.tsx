/** The confirmation strip: what became of the last tap. "Saved here" and "sent" are different words. */
import { Check, CheckCheck, History, Save, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { LastAction } from "../generated/LastAction";
import { wordsFor } from "../parts/problems";
import { useCommits } from "./commit";

const SIGNS = {
  saved: Save,
  applied: CheckCheck,
  late: History,
  quarantined: History,
  refused: TriangleAlert,
  parked: TriangleAlert,
} as const;
const WORDS = {
  saved: "strip.saved",
  applied: "strip.sent",
  late: "strip.late",
  quarantined: "strip.quarantined",
  refused: "strip.refused",
  parked: "strip.parked",
} as const;

export function Strip({ last }: { last: LastAction | null }) {
  const { t } = useTranslation();
  const { strip } = useCommits();
  if (!strip) return null;

  let Icon = Check;
  let label = "";
  let words: string = t("strip.merged");
  let outcome = "merged";
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
    }
  }
  const bad = outcome === "failed" || outcome === "refused";
  return (
    <div
      role={bad ? "alert" : "status"}
      data-testid="strip"
      data-state={outcome}
      className={`appearing flex min-h-16 items-center gap-4 rounded-card border-2 bg-card px-6 py-2 text-xl text-ink ${bad ? "border-bad" : "border-ink"}`}
    >
      <Icon size={28} aria-hidden className={`shrink-0 ${bad ? "text-bad" : ""}`} />
      {label !== "" && <span className="line-clamp-2 font-semibold">{label}</span>}
      <span>{words}</span>
    </div>
  );
}
