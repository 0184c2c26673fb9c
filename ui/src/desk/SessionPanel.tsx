/** One session, live: who and what, its stretches and its reports, the newest first. */
import { ClockAlert, X } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { Report } from "../generated/Report";
import type { Session } from "../generated/Session";
import type { SessionId } from "../generated/SessionId";
import type { StatusEvent } from "../generated/StatusEvent";
import { Action } from "../parts/Action";
import { Sign } from "../parts/Sign";
import { LiveDuration } from "../parts/Time";
import { useRealtimeSession } from "../parts/useRealtimeSession";
import { useConnection } from "../parts/useTopic";
import { durationSince, formatClock, formatDuration } from "../state/clock";
import { isHeard, labelOf, lookOf, paintOf } from "../state/look";
import { Marks } from "./Marks";
import { MessageTo } from "./MessageTo";
import { Pictures } from "./Pictures";
import { useUndecided } from "./useUndecided";

function Head({ session, offset, undecided }: { session: Session; offset: number; undecided: number }) {
  const { t, i18n } = useTranslation();
  const { currentStatus, contact, lastContactAt, totals, endedAt } = session;
  const paint = paintOf(currentStatus);
  const heard = isHeard(contact) || endedAt !== null;
  const job = [session.jobNumber, session.jobItemName].filter(Boolean).join(" · ");
  return (
    <div className="flex flex-col gap-1.5">
      <p className="flex items-baseline gap-2">
        <bdi className="text-xl font-semibold whitespace-nowrap">{session.stationCode}</bdi>
        <bdi className="truncate text-muted">{session.stationName}</bdi>
      </p>
      <p className="font-medium">
        <bdi>{session.workerName}</bdi>
      </p>
      {job && (
        <p className="text-muted">
          <bdi>{job}</bdi>
        </p>
      )}
      {endedAt === null ? (
        <p
          data-testid="detail-state"
          data-status={currentStatus?.key}
          className={`flex items-center gap-2 rounded-card px-3 py-2 font-semibold ${heard ? "" : "hatched border border-line text-ink"}`}
          style={heard ? { background: paint.background, color: paint.text } : {}}
        >
          <Sign look={heard ? lookOf(currentStatus) : "noContact"} size={18} />
          <span className="min-w-0 flex-1 truncate">
            {heard
              ? currentStatus && labelOf(currentStatus.labels, i18n.language, currentStatus.key)
              : t("desk.noContactSince", { time: formatClock(lastContactAt ?? "") })}
          </span>
          <LiveDuration since={session.lastStatusChangeAt} offset={offset} />
        </p>
      ) : (
        <p data-testid="detail-state" data-status="ended" className="rounded-card bg-ground px-3 py-2 font-semibold">
          {t("detail.ended", { time: formatClock(endedAt) })}
        </p>
      )}
      <p className="text-sm text-muted">
        {t("detail.since", { time: formatClock(session.startedAt) })} · {t("detail.totals")}{" "}
        <span className="figures font-medium text-ink">
          {totals.good} / {totals.scrap}
        </span>{" "}
        <Marks session={session} undecided={undecided} offset={offset} />
      </p>
    </div>
  );
}

/** A line in somebody's own words, at the side where lines begin here, whatever they are written in. */
function Beneath({ text }: { text: string | null }) {
  if (!text) return null;
  return (
    <span className="block text-muted">
      <bdi>{text}</bdi>
    </span>
  );
}

function Stretch({ event, offset }: { event: StatusEvent; offset: number }) {
  const { t, i18n } = useTranslation();
  const { startedAt, endedAt, unknown } = event;
  return (
    <li
      className={`flex items-center gap-3 border-b border-line py-2 text-sm ${unknown ? "hatched" : ""}`}
      data-testid="detail-event"
      data-unknown={unknown}
    >
      {unknown ? (
        <ClockAlert size={14} aria-hidden className="shrink-0" />
      ) : (
        <span className="size-3 shrink-0 rounded-full" style={{ background: event.status.color }} aria-hidden />
      )}
      <span className="min-w-0 flex-1">
        <span className="font-medium">
          {unknown ? t("detail.unknown") : labelOf(event.status.labels, i18n.language, event.status.key)}
        </span>
        {event.estimated && <span className="text-muted">{` · ${t("detail.estimated")}`}</span>}
        <Beneath text={event.jobItemName} />
        <Beneath text={event.note} />
      </span>
      <time className="figures text-muted" dateTime={startedAt}>
        {formatClock(startedAt)}
      </time>
      {endedAt === null ? (
        <LiveDuration since={startedAt} offset={offset} className="w-16 text-end font-semibold" />
      ) : (
        <span className="figures w-16 text-end">
          {formatDuration(durationSince(startedAt, Date.parse(endedAt), 0))}
        </span>
      )}
    </li>
  );
}

function ReportLine({ report }: { report: Report }) {
  const { t, i18n } = useTranslation();
  return (
    <li className="flex items-baseline gap-3 border-b border-line py-2 text-sm" data-testid="detail-report">
      <span className="min-w-0 flex-1">
        <span className="font-medium">{t(`lists.type.${report.type}`)}</span>
        {report.reasonLabels && <span>{` · ${labelOf(report.reasonLabels, i18n.language)}`}</span>}
        {report.scrap > 0 && <span className="figures">{` · ${t("lists.pieces", { count: report.scrap })}`}</span>}
        <Beneath text={report.description} />
        <Pictures of={report} />
      </span>
      <span data-state={report.state}>{t(`lists.state.${report.state}`)}</span>
      <time className="figures text-muted" dateTime={report.occurredAt}>
        {formatClock(report.occurredAt)}
      </time>
    </li>
  );
}

const newestFirst = (a: string, b: string) => Number(a < b) - Number(a > b);

export function SessionPanel({ id, onClose }: { id: SessionId; onClose: () => void }) {
  const { t } = useTranslation();
  const { session, statusEvents, reports } = useRealtimeSession(id);
  const { serverOffset } = useConnection();
  const [shown] = session.rows.values();
  const undecided = useUndecided().get(id) ?? 0;
  // What was taken back lasted no time.
  const events = [...statusEvents.rows.values()]
    .filter(({ voided }) => !voided)
    .sort((a, b) => newestFirst(a.startedAt, b.startedAt));
  const told = [...reports.rows.values()].sort((a, b) => newestFirst(a.occurredAt, b.occurredAt));
  useEffect(() => {
    const leave = ({ key }: KeyboardEvent) => {
      if (key === "Escape") onClose();
    };
    window.addEventListener("keydown", leave);
    return () => window.removeEventListener("keydown", leave);
  }, [onClose]);
  return (
    <aside
      aria-label={t("detail.title")}
      data-testid="detail"
      data-known={session.known}
      className="flex w-96 shrink-0 flex-col gap-4 overflow-y-auto border-s border-line bg-card p-5"
    >
      <header className="flex items-center justify-between">
        <h2 className="font-semibold">{t("detail.title")}</h2>
        <Action size="small" onPress={onClose} label={t("detail.close")} testId="detail-close">
          <X size={16} aria-hidden />
        </Action>
      </header>
      {shown ? (
        <Head session={shown} offset={serverOffset} undecided={undecided} />
      ) : (
        <p className="text-muted">{t("detail.loading")}</p>
      )}
      {session.known && (
        <>
          {shown && <MessageTo session={shown} />}
          <section>
            <h3 className="text-sm font-semibold text-muted">{t("detail.statuses")}</h3>
            <ul>
              {events.map((event) => (
                <Stretch key={event.id} event={event} offset={serverOffset} />
              ))}
            </ul>
          </section>
          <section>
            <h3 className="text-sm font-semibold text-muted">{t("detail.reports")}</h3>
            {told.length === 0 && <p className="py-2 text-sm text-muted">{t("detail.noReports")}</p>}
            <ul>
              {told.map((report) => (
                <ReportLine key={report.id} report={report} />
              ))}
            </ul>
          </section>
        </>
      )}
    </aside>
  );
}
