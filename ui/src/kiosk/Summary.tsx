/** What a session came to, for five seconds; then the kiosk is ready for the next. */
import { CircleCheck } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { KioskView } from "../generated/KioskView";
import type { Session } from "../generated/Session";
import { Action } from "../parts/Action";
import { formatDuration } from "../state/clock";
import { Card } from "./Card";

/** How long it is shown (ms). */
export const SUMMARY_STAYS = 5_000;

export function Summary({
  view,
  session,
  endedAt,
  onReady,
  onAgain,
}: {
  view: KioskView;
  session: Session;
  /** On the server's clock (ms). */
  endedAt: number;
  onReady: () => void;
  onAgain: () => void;
}) {
  const { t } = useTranslation();
  useEffect(() => {
    const timer = setTimeout(onReady, SUMMARY_STAYS);
    return () => clearTimeout(timer);
  }, [onReady]);
  return (
    <Card
      view={view}
      testId="summary"
      title={t("summary.title")}
      sign={<CircleCheck size={48} aria-hidden />}
      actions={
        <>
          {view.worker && (
            <Action size="large" onPress={onAgain} testId="summary-again">
              {t("summary.again")}
            </Action>
          )}
          <Action kind="primary" size="large" onPress={onReady} testId="summary-ready">
            {t("summary.ready")}
          </Action>
        </>
      }
    >
      <p className="text-3xl font-semibold">
        {t("summary.lead", { worker: session.workerName, station: session.stationCode })}
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-8 gap-y-2">
        <dt className="text-muted">{t("summary.duration")}</dt>
        <dd className="figures w-fit font-medium">
          {formatDuration(Math.max(0, endedAt - Date.parse(session.startedAt)))}
        </dd>
        <dt className="text-muted">{t("summary.pieces")}</dt>
        <dd className="figures w-fit font-medium">
          {session.totals.good} / {session.totals.scrap}
        </dd>
      </dl>
      {view.waiting > 0 && <p>{t("summary.saved")}</p>}
    </Card>
  );
}
