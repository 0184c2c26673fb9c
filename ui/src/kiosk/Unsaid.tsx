/** What became of entries whose worker was not there to see it: stands on every screen until somebody has. */
import { CircleAlert, History, TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { KioskView } from "../generated/KioskView";
import type { Unsaid } from "../generated/Unsaid";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { wordsFor } from "../parts/problems";
import { formatClock } from "../state/clock";
import { useCommits } from "./commit";
import { useNames } from "./useIdle";

/** So many are shown at once; the next ones follow when these were seen. */
const SHOWN = 2;

const SIGNS = {
  late: History,
  quarantined: CircleAlert,
  parked: CircleAlert,
  refused: TriangleAlert,
  broken: TriangleAlert,
} as const;
const WORDS = {
  saved: "strip.saved",
  applied: "strip.sent",
  late: "unsaid.late",
  quarantined: "unsaid.quarantined",
  parked: "unsaid.parked",
  refused: "unsaid.refused",
  broken: "unsaid.broken",
} as const;

export function UnsaidLine({ told }: { told: Unsaid }) {
  const { t } = useTranslation();
  const named = useNames();
  const Icon = SIGNS[told.state as keyof typeof SIGNS] ?? History;
  const isBad = told.state === "refused" || told.state === "broken";
  return (
    <p
      className="flex min-w-0 flex-wrap items-baseline gap-x-3"
      data-testid={`unsaid-${told.seq}`}
      data-state={told.state}
    >
      <Icon size={22} aria-hidden className={`shrink-0 self-center ${isBad ? "text-bad" : ""}`} />
      <span className="font-semibold">{t(`unsaid.kind.${told.kind ?? "unknown"}`)}</span>
      <time className="figures" dateTime={told.at}>
        {formatClock(told.at)}
      </time>
      {told.worker && <bdi className="text-muted">{named(told.worker)}</bdi>}
      <span>
        {t(WORDS[told.state])}
        {told.problem && ` ${wordsFor(t, told.problem.code)}`}
      </span>
    </p>
  );
}

export function UnsaidBar({ view }: { view: KioskView }) {
  const { t } = useTranslation();
  const { kiosk } = useHost();
  const { commit } = useCommits();
  const shown = view.unsaid.slice(0, SHOWN);
  if (shown.length === 0) return null;
  const seqs = shown.map(({ seq }) => seq);
  const more = view.unsaid.length - shown.length;
  return (
    <section
      role="alert"
      data-testid="unsaid"
      className="flex items-center gap-6 border-t border-line bg-[#fff4d6] px-6 py-2 text-xl text-ink"
    >
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        {shown.map((told) => (
          <UnsaidLine key={told.seq} told={told} />
        ))}
      </div>
      {more > 0 && <p className="shrink-0 text-muted">{t("unsaid.more", { count: more })}</p>}
      <Action
        testId="unsaid-seen"
        className="shrink-0"
        onPress={() => void commit(`unsaid/${seqs}`, () => kiosk.acknowledgeUnsaid(seqs))}
      >
        {t("unsaid.seen")}
      </Action>
    </section>
  );
}
