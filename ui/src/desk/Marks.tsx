/** What is to be known of a session besides its state: small signs, each with its words. */
import { CircleHelp, CloudOff, FileQuestion, History, Shuffle } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../generated/Session";
import { useNow } from "../parts/ticker";
import { formatClock } from "../state/clock";

function Mark({ testId, words, children }: { testId: string; words: string; children: ReactNode }) {
  return (
    <span data-testid={testId} role="img" aria-label={words} title={words} className="inline-flex items-center gap-0.5">
      {children}
    </span>
  );
}

/** Asked for by time alone, so it needs a clock; only where a reason will be missing. */
function ReasonMissing({ from, offset }: { from: string; offset: number }) {
  const { t } = useTranslation();
  if (useNow() + offset < Date.parse(from)) return null;
  return (
    <Mark testId="mark-reason" words={t("marks.reason", { time: formatClock(from) })}>
      <CircleHelp size={15} aria-hidden className="text-bad" />
    </Mark>
  );
}

export function Marks({
  session,
  undecided,
  offset,
}: {
  session: Session;
  /** Its entries that wait in quarantine: its figures may change. */
  undecided: number;
  offset: number;
}) {
  const { t } = useTranslation();
  const { recoveredAt, startedOffline, outsideAssignment, reasonMissingFrom } = session;
  return (
    <span className="relative inline-flex shrink-0 items-center gap-1.5 self-center text-muted empty:hidden">
      {reasonMissingFrom && <ReasonMissing from={reasonMissingFrom} offset={offset} />}
      {outsideAssignment && (
        <Mark testId="mark-outside" words={t("marks.outside")}>
          <Shuffle size={15} aria-hidden />
        </Mark>
      )}
      {startedOffline && (
        <Mark testId="mark-offline" words={t("marks.startedOffline")}>
          <CloudOff size={15} aria-hidden />
        </Mark>
      )}
      {recoveredAt && (
        <Mark testId="mark-recovered" words={t("marks.recovered", { time: formatClock(recoveredAt) })}>
          <History size={15} aria-hidden />
        </Mark>
      )}
      {undecided > 0 && (
        <Mark testId="mark-undecided" words={t("marks.undecided", { count: undecided })}>
          <FileQuestion size={15} aria-hidden className="text-bad" />
          <span className="figures text-xs font-semibold text-bad">{undecided}</span>
        </Mark>
      )}
    </span>
  );
}
