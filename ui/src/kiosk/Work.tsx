/** The work screen: fixed zones, the state in words and in colour over the whole background, one tap per status. */
import { CircleStop, UserRoundPlus } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { KioskView } from "../generated/KioskView";
import type { OwnSession } from "../generated/OwnSession";
import type { Reason } from "../generated/Reason";
import type { ReasonType } from "../generated/ReasonType";
import type { StatusDefinition } from "../generated/StatusDefinition";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { Sign } from "../parts/Sign";
import { LiveDuration } from "../parts/Time";
import { formatClock } from "../state/clock";
import { labelOf, lookOf, paintOf } from "../state/look";
import { useCommits } from "./commit";
import { EndBar } from "./EndBar";
import { ReasonGrid } from "./ReasonGrid";
import { StatusTiles } from "./StatusTiles";
import { Strip } from "./Strip";
import { TopBar } from "./TopBar";
import { useIdle, useNames } from "./useIdle";
import { useScreenGuard } from "./useScreenGuard";
import { offered, useReasons, useStatuses } from "./useStatuses";

/** What the lower zone shows. */
type Lower =
  | { zone: "statuses" }
  /** A status that wants its reason at once. */
  | { zone: "reasonFirst"; status: StatusDefinition }
  /** A reason for the status that is already running. */
  | { zone: "reasonAfter" };

function reasonTypeOf(status: StatusDefinition): ReasonType {
  return status.reportType === "none" ? "stop" : status.reportType;
}

function Field({ label, value, testId }: { label: string; value: string; testId?: string }) {
  return (
    <span className="flex min-w-20 flex-col">
      <span className="text-base leading-tight text-muted">{label}</span>
      <bdi className="truncate text-2xl leading-tight font-semibold" data-testid={testId}>
        {value}
      </bdi>
    </span>
  );
}

function Centre({ own, offset }: { own: OwnSession; offset: number }) {
  const { t, i18n } = useTranslation();
  const { currentStatus, lastStatusChangeAt } = own.session;
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

export function Work({
  view,
  own,
  onOther,
  onAbandon,
}: {
  view: KioskView;
  own: OwnSession;
  onOther: () => void;
  onAbandon: () => void;
}) {
  const { t, i18n } = useTranslation();
  const { kiosk } = useHost();
  const { commit, strip } = useCommits();
  const idle = useIdle();
  const named = useNames();
  const { session } = own;
  const { data: statuses } = useStatuses(session.stationId, view.link.state);
  // Read while the server is there, so that the question why can be asked when it is not.
  useReasons(session.stationId, "stop");
  const [lower, setLower] = useState<Lower>({ zone: "statuses" });
  const [ending, setEnding] = useState(false);
  // A question that somebody walked away from is not left for the next hand.
  useEffect(() => {
    if (!idle) return;
    setLower({ zone: "statuses" });
    setEnding(false);
  }, [idle]);
  useScreenGuard(`work/${lower.zone}/${ending}`);

  const label = (status: Pick<StatusDefinition, "labels" | "key">) => labelOf(status.labels, i18n.language, status.key);
  const current = statuses?.find(({ id }) => id === session.currentStatusId);
  const event = own.statusEvent;
  // A reason may be given to the running status as soon as the server has named its event.
  const mayExplain = current?.reasonWanted === "later" && event !== null && event.reasonId === null;
  const paint = paintOf(session.currentStatus);

  const told = (words: string) => ({ label: words, after: view.lastAction?.seq ?? 0 });
  const change = (status: StatusDefinition, reasonId?: string) => {
    setLower({ zone: "statuses" });
    const wanted = { statusDefinitionId: status.id, ...(reasonId === undefined ? {} : { reasonId }) };
    void commit(`status/${JSON.stringify(wanted)}`, () => kiosk.changeStatus(wanted), told(label(status)));
  };
  const tap = (status: StatusDefinition) => {
    if (status.reasonWanted === "now") setLower({ zone: "reasonFirst", status });
    else change(status);
  };
  const explain = (reason: Reason) => {
    setLower({ zone: "statuses" });
    if (!event) return;
    const words = labelOf(reason.labels, i18n.language);
    void commit(`reason/${event.id}/${reason.id}`, () => kiosk.giveReason(event.id, reason.id), told(words));
  };

  return (
    <div
      className="kiosk flex h-full flex-col"
      style={{ background: paint.background, color: paint.text }}
      data-look={lookOf(session.currentStatus)}
    >
      <div className="text-ink">
        <TopBar view={view}>
          <Field label={t("work.worker")} value={named(session.workerName)} testId="worker-name" />
          <Field
            label={t("work.station")}
            value={`${session.stationCode} · ${session.stationName}`}
            testId="station-name"
          />
          <Field label={t("work.job")} value={session.jobNumber ?? t("work.noJob")} />
        </TopBar>
      </div>
      <main className="flex min-h-0 flex-1 flex-col">
        <Centre own={own} offset={view.serverOffsetMs} />
        <section className="on-colour flex max-h-[72%] flex-col overflow-y-auto px-6 pt-2 pb-5">
          {lower.zone === "reasonFirst" && (
            <ReasonGrid
              title={t("work.whyFor", { status: label(lower.status) })}
              stationId={session.stationId}
              type={reasonTypeOf(lower.status)}
              onChoose={(reason) => change(lower.status, reason.id)}
              onCancel={() => setLower({ zone: "statuses" })}
            />
          )}
          {lower.zone === "reasonAfter" && current && (
            <ReasonGrid
              title={t("work.whyFor", { status: label(current) })}
              stationId={session.stationId}
              type={reasonTypeOf(current)}
              onChoose={explain}
              onCancel={() => setLower({ zone: "statuses" })}
            />
          )}
          {lower.zone === "statuses" && (
            <StatusTiles
              statuses={statuses && offered(statuses)}
              current={session.currentStatusId}
              onTap={tap}
              label={label}
            />
          )}
        </section>
      </main>
      {/* A small panel has no room for it beside the reasons, and they bring their own way out. */}
      <footer
        className={`border-t border-line bg-card px-6 py-3 text-ink ${lower.zone === "statuses" ? "" : "short:hidden"}`}
      >
        {ending ? (
          <EndBar
            station={session.stationCode}
            onEnd={() => void commit("end", () => kiosk.end())}
            onAbandon={() => {
              onAbandon();
              void commit("abandon", () => kiosk.abandon());
            }}
            onCancel={() => setEnding(false)}
          />
        ) : (
          <div className="flex flex-wrap items-center gap-4">
            <Action onPress={onOther} testId="next-worker">
              <UserRoundPlus size={28} aria-hidden />
              {t("work.nextWorker")}
            </Action>
            {mayExplain && lower.zone === "statuses" && (
              <Action onPress={() => setLower({ zone: "reasonAfter" })} testId="give-reason">
                {t("work.why")}
              </Action>
            )}
            <div className="flex min-w-64 flex-1 justify-center">
              {strip ? (
                <Strip last={view.lastAction} />
              ) : (
                view.link.state === "offline" && <p className="text-center text-muted">{t("link.offlineHint")}</p>
              )}
            </div>
            <Action size="large" className="min-w-48" onPress={() => setEnding(true)} testId="end-session">
              <CircleStop size={34} aria-hidden />
              {t("work.end")}
            </Action>
          </div>
        )}
      </footer>
    </div>
  );
}
