/** How fresh what is shown is, always in sight: a word at every time, and a band across where it may be old. */
import { RefreshCw, Unplug } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { steady, useNow } from "../parts/ticker";
import { useConnection } from "../parts/useTopic";
import { formatClock } from "../state/clock";
import { type Freshness as Fresh, formatAge, freshness, type Heard } from "../state/freshness";

const DOT = { live: "bg-[#1b7a3d]", polling: "bg-[#f5b301]", connecting: "bg-line", stale: "bg-white" } as const;

/** Which of its looks a screen has. Drawn anew only when that changes, not with every second. */
export function useFreshKind(heard: Heard): Fresh["kind"] {
  return useSyncExternalStore(steady.subscribe, () => freshness(heard, Date.now()).kind);
}

/** The word in the head. */
export function Freshness() {
  const { t } = useTranslation();
  const { heard } = useConnection();
  const fresh = freshness(heard, useNow("quick"));
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
    </span>
  );
}

/** The band: nothing while all is live. It is said aloud when it comes, and not again while it stays. */
export function FreshnessBand() {
  const { t } = useTranslation();
  const { heard } = useConnection();
  const kind = useFreshKind(heard);
  const isOld = kind === "stale";
  const words = isOld ? t("fresh.old", { time: formatClock(heard.lastAt ?? heard.since, true) }) : t("fresh.asking");
  return (
    // The region is always there: what a reader is to hear has to appear in one that it knows.
    <div role="status">
      {(isOld || kind === "polling") && (
        <p
          data-testid="freshness-band"
          data-state={kind}
          className={`flex items-center gap-2.5 px-5 py-2 font-medium ${isOld ? "bg-bad text-white" : "bg-[#f5b301] text-[#14181d]"}`}
        >
          {isOld ? <Unplug size={20} aria-hidden /> : <RefreshCw size={20} aria-hidden />}
          {words}
        </p>
      )}
    </div>
  );
}
