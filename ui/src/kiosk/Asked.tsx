/** "Still working?": the shift is over and nobody has touched the kiosk. Ten minutes, then the session is closed. */
import { Clock } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Action } from "../parts/Action";
import { useNow } from "../parts/ticker";
import { formatDuration } from "../state/clock";

/** How long the question stands (ms). */
const STANDS = 10 * 60_000;

export function Asked({
  since,
  offset,
  onHere,
  onEnd,
}: {
  since: string;
  offset: number;
  onHere: () => void;
  onEnd: () => void;
}) {
  const { t } = useTranslation();
  const left = Math.max(0, Date.parse(since) + STANDS - (useNow() + offset));
  return (
    <section
      role="alert"
      data-testid="asked"
      className="appearing mx-6 mt-4 flex flex-wrap items-center gap-5 rounded-card bg-card p-5 text-ink shadow-lg"
    >
      <Clock size={56} aria-hidden className="shrink-0" />
      <div className="min-w-0 flex-1">
        <h2 className="text-4xl font-semibold">{t("asked.title")}</h2>
        <p className="text-xl text-muted">
          {t("asked.lead")} <span className="figures">{formatDuration(left)}</span>
        </p>
      </div>
      <Action size="large" onPress={onEnd} testId="asked-end">
        {t("work.end")}
      </Action>
      <Action kind="primary" size="large" onPress={onHere} testId="asked-here" className="min-w-64">
        {t("asked.here")}
      </Action>
    </section>
  );
}
