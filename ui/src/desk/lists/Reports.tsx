/** Reports, live: of every kind or of one; those that are not closed, then the malfunctions solved last. */
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Report } from "../../generated/Report";
import type { ReportKind } from "../../generated/ReportKind";
import type { ReportState } from "../../generated/ReportState";
import type { SessionId } from "../../generated/SessionId";
import { Action } from "../../parts/Action";
import { useRealtimeReports } from "../../parts/useRealtimeReports";
import { labelOf } from "../../state/look";
import { REPORT_KINDS } from "../../state/topics";
import { Pictures } from "../Pictures";
import { Listing, Row } from "./Listing";
import { type Acting, useAct } from "./useAct";

/** Where a report can go from where it stands. */
const NEXT: Record<ReportState, readonly ReportState[]> = {
  open: ["known", "solved"],
  known: ["solved"],
  solved: ["open"],
  new: ["approved"],
  approved: [],
  withdrawn: [],
};

const OPEN: ReadonlySet<ReportState> = new Set(["open", "known", "new"]);

/** So many of the solved ones are shown. */
const SOLVED = 20;

function newestFirst(all: Iterable<Report>, isWanted: (report: Report) => boolean, by: "occurredAt" | "changedAt") {
  return [...all].filter(isWanted).sort((a, b) => Number(a[by] < b[by]) - Number(a[by] > b[by]));
}

function ReportRow({
  report,
  act,
  onSession,
}: {
  report: Report;
  act: Acting["act"];
  onSession: (id: SessionId) => void;
}) {
  const { t, i18n } = useTranslation();
  const become = (state: ReportState) =>
    void act({
      method: "POST",
      path: `/api/admin/reports/${report.id}/state`,
      body: { state },
      version: report.version,
    });
  return (
    <Row
      testId={`report-${report.id}`}
      actions={
        <>
          {NEXT[report.state].map((state) => (
            <Action key={state} size="small" testId={`report-${report.id}-${state}`} onPress={() => become(state)}>
              {t(`lists.become.${state}`)}
            </Action>
          ))}
          <Action size="small" onPress={() => onSession(report.sessionId)}>
            {t("lists.look")}
          </Action>
        </>
      }
    >
      <strong>{t(`lists.type.${report.type}`)}</strong>
      <bdi>{`${report.stationCode} · ${report.workerName}`}</bdi>
      <span>{report.reasonLabels ? labelOf(report.reasonLabels, i18n.language) : ""}</span>
      {report.scrap > 0 && <span className="figures">{t("lists.pieces", { count: report.scrap })}</span>}
      <bdi className="text-muted">{report.description}</bdi>
      <time className="figures text-muted" dateTime={report.occurredAt}>
        {new Date(report.occurredAt).toLocaleString(i18n.language)}
      </time>
      <span data-testid="report-state">{t(`lists.state.${report.state}`)}</span>
      <Pictures of={report} />
    </Row>
  );
}

export function Reports({ onSession }: { onSession: (id: SessionId) => void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<ReportKind | "all">("all");
  const { rows, known } = useRealtimeReports(kind);
  const { complaint, act } = useAct();
  const open = useMemo(() => newestFirst(rows.values(), ({ state }) => OPEN.has(state), "occurredAt"), [rows]);
  const solved = useMemo(
    () => newestFirst(rows.values(), ({ state }) => state === "solved", "changedAt").slice(0, SOLVED),
    [rows],
  );
  const listed = (items: Report[]) =>
    items.map((report) => <ReportRow key={report.id} report={report} act={act} onSession={onSession} />);
  return (
    <>
      <Listing
        title={t("lists.openReports")}
        testId="reports"
        list={{ items: open, isPending: !known, isError: false, complaint }}
        head={
          <fieldset className="flex flex-wrap gap-2" aria-label={t("lists.kind")}>
            {(["all", ...REPORT_KINDS] as const).map((each) => (
              <Action
                key={each}
                size="small"
                kind={each === kind ? "primary" : "quiet"}
                testId={`reports-${each}`}
                onPress={() => setKind(each)}
              >
                {each === "all" ? t("lists.allKinds") : t(`lists.type.${each}`)}
              </Action>
            ))}
          </fieldset>
        }
      >
        {listed(open)}
      </Listing>
      {(kind === "all" || kind === "malfunction") && (
        <Listing
          title={t("lists.solvedReports")}
          testId="reports-solved"
          list={{ items: solved, isPending: !known, isError: false, complaint: null }}
        >
          {listed(solved)}
        </Listing>
      )}
    </>
  );
}
