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
  isBeside,
  onHere,
  onEnd,
}: {
  since: string;
  offset: number;
  /** Something is being entered below it, which needs the room. */
  isBeside: boolean;
  onHere: () => void;
  onEnd: () => void;
}) {
  const { t } = useTranslation();
  const left = Math.max(0, Date.parse(since) + STANDS - (useNow() + offset));
  return (
    <section
      role="alert"
      data-testid="asked"
      className={`appearing mx-6 flex flex-wrap items-center gap-5 rounded-card bg-card text-ink shadow-lg ${isBeside ? "mt-3 -mb-2 px-5 py-2" : "mt-4 p-5"}`}
    >
      <Clock size={isBeside ? 40 : 56} aria-hidden className="shrink-0" />
      <div className="min-w-0 flex-1">
        <h2 className={`font-semibold ${isBeside ? "text-2xl" : "text-4xl"}`}>{t("asked.title")}</h2>
        <p className="text-xl text-muted">
          {t("asked.lead")} <span className="figures">{formatDuration(left)}</span>
        </p>
      </div>
      <Action size={isBeside ? "medium" : "large"} onPress={onEnd} testId="asked-end">
        {t("work.end")}
      </Action>
      <Action
        kind="primary"
        size={isBeside ? "medium" : "large"}
        onPress={onHere}
        testId="asked-here"
        className="min-w-64"
      >
        {t("asked.here")}
      </Action>
    </section>
  );
}
