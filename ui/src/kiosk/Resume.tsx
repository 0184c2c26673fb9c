/** At sign-in the worker's open session is offered: go on, take over, or discard. */
import { History } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { KioskView } from "../generated/KioskView";
import type { Resumable } from "../generated/Resumable";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { Sign } from "../parts/Sign";
import { useNow } from "../parts/ticker";
import { formatClock, formatDuration } from "../state/clock";
import { labelOf, lookOf, paintOf } from "../state/look";
import { Card } from "./Card";
import { useCommits } from "./commit";

function Countdown({ until, offset }: { until: string; offset: number }) {
  const { t } = useTranslation();
  const left = Date.parse(until) - (useNow() + offset);
  if (left <= 0) return <p className="text-muted">{t("resume.expired")}</p>;
  return (
    <p className="text-muted">
      {t("resume.countdown")}{" "}
      <time className="figures font-semibold text-ink" data-testid="grace">
        {formatDuration(left)}
      </time>
    </p>
  );
}

export function Resume({ view, resumable }: { view: KioskView; resumable: Resumable }) {
  const { t, i18n } = useTranslation();
  const { kiosk } = useHost();
  const { commit } = useCommits();
  const [discarding, setDiscarding] = useState(false);
  const { session, here } = resumable;
  const { currentStatus } = session;
  const paint = paintOf(currentStatus);
  return (
    <Card
      view={view}
      testId="resume-offer"
      title={t("resume.title")}
      sign={<History size={48} aria-hidden />}
      actions={
        <>
          {/* Whoever came to the wrong kiosk neither takes his session from the right one nor throws it away. */}
          <Action
            size="large"
            className="me-auto"
            testId="resume-leave"
            onPress={() => void commit("leave", () => kiosk.signOut())}
          >
            {t("stations.signOut")}
          </Action>
          {discarding ? (
            <Action
              kind="bad"
              size="large"
              testId="discard-confirm"
              onPress={() => void commit("discard", () => kiosk.discard())}
            >
              {t("resume.confirmDiscard")}
            </Action>
          ) : (
            <Action size="large" testId="discard" onPress={() => setDiscarding(true)}>
              {t("resume.discard")}
            </Action>
          )}
          <Action
            kind="primary"
            size="large"
            testId="resume"
            className="min-w-64"
            onPress={() => void commit("resume", () => kiosk.resume())}
          >
            {here ? t("resume.resume") : t("resume.takeOver")}
          </Action>
        </>
      }
    >
      <p className="text-3xl font-semibold">
        <bdi>{session.stationCode}</bdi> · <bdi>{session.stationName}</bdi>
      </p>
      {currentStatus && (
        <p className="flex flex-wrap items-center gap-4">
          <span
            className="inline-flex items-center gap-3 rounded-card px-4 py-2 font-medium"
            style={{ background: paint.background, color: paint.text }}
          >
            <Sign look={lookOf(currentStatus)} size={28} />
            {labelOf(currentStatus.labels, i18n.language, currentStatus.key)}
          </span>
          <span className="text-muted">{t("resume.since", { time: formatClock(session.startedAt) })}</span>
        </p>
      )}
      <p>{here ? t("resume.here") : t("resume.elsewhere")}</p>
      <Countdown until={resumable.graceExpiresAt} offset={view.serverOffsetMs} />
      {discarding && <p className="text-bad">{t("resume.discardHint")}</p>}
    </Card>
  );
}
