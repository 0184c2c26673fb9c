/** One session on the board, as a tile or as a row. */
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../generated/Session";
import type { SessionId } from "../generated/SessionId";
import { Sign } from "../parts/Sign";
import { LiveDuration } from "../parts/Time";
import { formatClock } from "../state/clock";
import { isHeard, labelOf, lookOf, paintOf } from "../state/look";
import { Marks } from "./Marks";

/** Columns of the table; the list's heading uses the same. */
export const COLUMNS =
  "grid grid-cols-[13rem_minmax(11rem,1.3fr)_minmax(9rem,1fr)_minmax(9rem,1.2fr)_7rem_7rem_minmax(6rem,0.8fr)]";

/** What all rows have in common. */
export const ROW_CELLS =
  "relative h-full items-stretch border-b border-line bg-card text-sm [&>div]:flex [&>div]:min-w-0 [&>div]:items-center [&>div]:px-3";

export interface CellProps {
  session: Session;
  /** When its last change arrived (this device's clock, ms); absent for what stands since the snapshot. */
  changedAt: number | undefined;
  /** Milliseconds to add to this device's clock to have the server's. */
  offset: number;
  /** Its entries that wait in quarantine. */
  undecided: number;
  /** Looks at it more closely. Must be stable. */
  onOpen: (id: SessionId) => void;
}

/** The whole cell is the way to more of it; what a screen reader names is the station. */
function Opener({ session, onOpen }: Pick<CellProps, "session" | "onOpen">) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      data-testid={`board-open-${session.stationCode}`}
      aria-label={t("detail.open", { station: session.stationCode })}
      onClick={() => onOpen(session.id)}
      className="absolute inset-0 cursor-pointer rounded-[inherit] hover:bg-ink/5"
    />
  );
}

function useWords(session: Session) {
  const { t, i18n } = useTranslation();
  const { currentStatus } = session;
  return {
    state: currentStatus ? labelOf(currentStatus.labels, i18n.language, currentStatus.key) : t("look.none"),
    heard: isHeard(session.contact),
    look: lookOf(currentStatus),
    paint: paintOf(currentStatus),
    noContact: t("desk.noContactSince", { time: formatClock(session.lastContactAt ?? "") }),
    job: [session.jobNumber, session.jobItemName].filter(Boolean).join(" · ") || "–",
  };
}

/** Shows for a moment that something changed. Keyed by the change, so that each one flashes once. */
function Flash({ changedAt }: { changedAt: number | undefined }) {
  if (changedAt === undefined || Date.now() - changedAt > 1_500) return null;
  return <span key={changedAt} aria-hidden className="flashing pointer-events-none absolute inset-0" />;
}

function Tile({ session, changedAt, offset, undecided, onOpen }: CellProps) {
  const { t } = useTranslation();
  const { state, heard, look, paint, noContact, job } = useWords(session);
  return (
    <article
      data-testid={`board-row-${session.stationCode}`}
      data-look={heard ? look : "noContact"}
      data-status={session.currentStatus?.key}
      data-contact={session.contact}
      className="relative flex h-full flex-col overflow-hidden rounded-card border border-line bg-card"
    >
      <header
        className={`flex h-11 items-center gap-2.5 px-3.5 ${heard ? "" : "hatched border-b border-line text-ink"}`}
        style={heard ? { background: paint.background, color: paint.text } : {}}
      >
        <Sign look={heard ? look : "noContact"} size={20} />
        <span className="min-w-0 flex-1 truncate font-semibold">{heard ? state : noContact}</span>
        {heard && <LiveDuration since={session.lastStatusChangeAt} offset={offset} className="text-lg font-semibold" />}
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-1 px-3.5 py-2.5 text-sm">
        <p className="flex items-baseline gap-2">
          <bdi className="text-lg leading-tight font-semibold whitespace-nowrap">{session.stationCode}</bdi>
          <bdi className="truncate text-muted">{session.stationName}</bdi>
        </p>
        <p className="truncate">
          <bdi>{session.workerName}</bdi>
        </p>
        <p className="mt-auto flex items-baseline justify-between gap-3 text-muted">
          <bdi className="truncate">{heard ? job : t("desk.lastState", { state })}</bdi>
          <span className="flex shrink-0 items-baseline gap-2">
            <Marks session={session} undecided={undecided} offset={offset} />
            <span className="figures">
              {session.totals.good} / {session.totals.scrap}
            </span>
          </span>
        </p>
      </div>
      <Opener session={session} onOpen={onOpen} />
      <Flash changedAt={changedAt} />
    </article>
  );
}

function Row({ session, changedAt, offset, undecided, onOpen }: CellProps) {
  const { t } = useTranslation();
  const { state, heard, look, paint, noContact, job } = useWords(session);
  return (
    <div
      role="row"
      tabIndex={-1}
      data-testid={`board-row-${session.stationCode}`}
      data-look={heard ? look : "noContact"}
      data-status={session.currentStatus?.key}
      data-contact={session.contact}
      className={`${COLUMNS} ${ROW_CELLS}`}
    >
      <div
        role="cell"
        title={heard ? undefined : t("desk.lastState", { state })}
        className={`gap-2 font-medium ${heard ? "" : "hatched"}`}
        style={heard ? { background: paint.background, color: paint.text } : {}}
      >
        <Sign look={heard ? look : "noContact"} size={18} />
        <span className="truncate">{heard ? state : noContact}</span>
      </div>
      <div role="cell" className="gap-2">
        <bdi className="font-semibold whitespace-nowrap">{session.stationCode}</bdi>
        <bdi className="truncate text-muted">{session.stationName}</bdi>
      </div>
      <div role="cell">
        <bdi className="truncate">{session.workerName}</bdi>
      </div>
      <div role="cell" className="text-muted">
        <bdi className="truncate">{job}</bdi>
      </div>
      <div role="cell" className="justify-end font-medium">
        <LiveDuration since={session.lastStatusChangeAt} offset={offset} />
      </div>
      <div role="cell" className="justify-end gap-2 text-muted">
        <Marks session={session} undecided={undecided} offset={offset} />
        <span className="figures">
          {session.totals.good} / {session.totals.scrap}
        </span>
      </div>
      <div role="cell" className="text-muted">
        <bdi className="truncate">{session.areaName ?? "–"}</bdi>
        <Opener session={session} onOpen={onOpen} />
      </div>
      <Flash changedAt={changedAt} />
    </div>
  );
}

/** Scrolling draws the list anew at each frame; a session that did not change is not drawn with it. */
export const SessionTile = memo(Tile);
export const SessionRow = memo(Row);
