/** How fresh the board is, always in sight. */
import { useTranslation } from "react-i18next";
import { useNow } from "../parts/ticker";
import { formatClock } from "../state/clock";
import { formatAge, freshness, type Heard } from "../state/freshness";

const DOT = { live: "bg-[#1b7a3d]", polling: "bg-[#f5b301]", connecting: "bg-line", stale: "bg-white" } as const;

export function Freshness({ heard }: { heard: Heard }) {
  const { t } = useTranslation();
  const now = useNow("quick");
  const fresh = freshness(heard, now);
  let words: string;
  if (fresh.kind === "stale") words = t("fresh.stale", { time: formatClock(fresh.since, true) });
  else if (fresh.kind === "connecting") words = t("fresh.connecting");
  else words = t(`fresh.${fresh.kind}`, { age: formatAge(fresh.age) });
  return (
    <span
      data-testid="freshness"
      data-state={fresh.kind}
      className={`inline-flex h-9 items-center gap-2 rounded-card border px-3 text-sm font-medium ${fresh.kind === "stale" ? "border-bad bg-bad text-white" : "border-line bg-card text-muted"}`}
    >
      <span className={`size-2.5 rounded-full ${DOT[fresh.kind]}`} aria-hidden />
      {words}
      {/* Said aloud only when it changes its kind, not at every tenth of a second. */}
      <span className="sr-only" role="status">
        {fresh.kind === "stale" ? words : ""}
      </span>
    </span>
  );
}
