/**
 * At sign-in a session of the worker's that was closed for want of contact is offered: it goes on here, or he says
 * when it ended. Unanswered, it waits for a supervisor.
 */
import { ClockAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { KioskView } from "../generated/KioskView";
import type { Session } from "../generated/Session";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { useNow } from "../parts/ticker";
import { formatClock } from "../state/clock";
import { endOf, shownTime } from "../state/endTime";
import { Card } from "./Card";
import { useCommits } from "./commit";
import { Numpad } from "./Numpad";
import { Panel } from "./Panel";
import { TopBar } from "./TopBar";
import { useScreenGuard } from "./useScreenGuard";

/** Asks for the time with the kiosk's own keys: four digits. */
function EndTime({ view, session, onCancel }: { view: KioskView; session: Session; onCancel: () => void }) {
  const { t } = useTranslation();
  const { kiosk } = useHost();
  const { commit } = useCommits();
  const now = useNow() + view.serverOffsetMs;
  const [typed, setTyped] = useState("");
  const end = endOf(typed, Date.parse(session.startedAt), now);
  const send = () => {
    if (end !== null) void commit(`ended/${end}`, () => kiosk.endedAt(new Date(end).toISOString()));
  };
  return (
    <div className="kiosk flex h-full flex-col">
      <TopBar view={view}>
        <bdi className="min-w-0 truncate text-2xl font-semibold">{`${session.stationCode} · ${session.stationName}`}</bdi>
      </TopBar>
      <Panel
        title={t("provisional.when")}
        lead={t("provisional.between", { from: formatClock(session.startedAt), to: formatClock(now) })}
        testId="end-time"
        onCancel={onCancel}
      >
        <div className="grid min-h-0 flex-1 content-center items-center gap-8 landscape:grid-cols-[1fr_minmax(400px,480px)]">
          <div className="flex flex-col gap-5">
            <output
              className="figures w-fit rounded-card border-2 border-ink px-8 py-4 text-7xl font-medium"
              dir="ltr"
              data-testid="end-time-shown"
            >
              {shownTime(typed)}
            </output>
            {typed.length === 4 && end === null && (
              <p role="alert" className="text-xl font-medium text-bad">
                {t("provisional.outside")}
              </p>
            )}
            <Action kind="primary" size="large" testId="end-time-send" isDisabled={end === null} onPress={send}>
              {t("provisional.send")}
            </Action>
          </div>
          <Numpad name="end" value={typed} onChange={(value) => setTyped(value.slice(0, 4))} last={null} />
        </div>
      </Panel>
    </div>
  );
}

export function Provisional({ view, session, onLater }: { view: KioskView; session: Session; onLater: () => void }) {
  const { t } = useTranslation();
  const { kiosk } = useHost();
  const { commit } = useCommits();
  const [asksTime, setAsksTime] = useState(false);
  useScreenGuard(`provisional/${asksTime}`);
  if (asksTime) return <EndTime view={view} session={session} onCancel={() => setAsksTime(false)} />;
  return (
    <Card
      view={view}
      testId="provisional-offer"
      title={t("provisional.title")}
      sign={<ClockAlert size={48} aria-hidden />}
      actions={
        <>
          <Action size="large" className="me-auto" testId="provisional-later" onPress={onLater}>
            {t("provisional.later")}
          </Action>
          <Action size="large" testId="provisional-ended" onPress={() => setAsksTime(true)}>
            {t("provisional.ended")}
          </Action>
          <Action
            kind="primary"
            size="large"
            testId="provisional-continue"
            onPress={() => void commit("continueHere", () => kiosk.continueHere())}
          >
            {t("provisional.continue")}
          </Action>
        </>
      }
    >
      <p className="text-3xl font-semibold">
        <bdi>{session.stationCode}</bdi> · <bdi>{session.stationName}</bdi>
      </p>
      <p>{t(`ended.reason.${session.closeReason ?? "unknown"}`)}</p>
      {session.endedAt && <p className="text-muted">{t("provisional.at", { time: formatClock(session.endedAt) })}</p>}
    </Card>
  );
}
