/** The state in words and the time in it, to be read from three metres. */
import { useTranslation } from "react-i18next";
import type { Session } from "../generated/Session";
import { Sign } from "../parts/Sign";
import { LiveDuration } from "../parts/Time";
import { formatClock } from "../state/clock";
import { labelOf, lookOf } from "../state/look";

export function Centre({ session, offset }: { session: Session; offset: number }) {
  const { t, i18n } = useTranslation();
  const { currentStatus, lastStatusChangeAt } = session;
  const word = currentStatus ? labelOf(currentStatus.labels, i18n.language, currentStatus.key) : t("look.none");
  return (
    <section className="centre flex min-h-44 flex-1 flex-col items-center justify-center gap-2 px-6 py-2 text-center">
      <h1 className="flex items-center gap-6 max-w-full centre-word font-semibold tracking-tight" aria-live="polite">
        <Sign look={lookOf(currentStatus)} size={76} />
        <span className="centre-label" data-testid="state-word" data-key={currentStatus?.key}>
          {word}
        </span>
      </h1>
      <LiveDuration
        since={lastStatusChangeAt}
        offset={offset}
        testId="time-in-state"
        className="centre-time leading-none font-medium"
      />
      <p className="centre-since text-2xl opacity-90">{t("resume.since", { time: formatClock(lastStatusChangeAt) })}</p>
    </section>
  );
}
