/** Reports: those that are not closed, the newest first, and what can be done with each. */
import { useTranslation } from "react-i18next";
import type { Report } from "../../generated/Report";
import type { ReportState } from "../../generated/ReportState";
import { Action } from "../../parts/Action";
import { labelOf } from "../../state/look";
import { Listing, Row } from "./Listing";
import { useList } from "./useList";

/** Where a report can go from where it stands. */
const NEXT: Record<ReportState, readonly ReportState[]> = {
  open: ["known", "solved"],
  known: ["solved"],
  solved: ["open"],
  new: ["approved"],
  approved: [],
  withdrawn: [],
};

export function Reports() {
  const { t, i18n } = useTranslation();
  const open = useList<Report>("/api/admin/reports?open=true&limit=500");
  const solved = useList<Report>("/api/admin/reports?type=malfunction&state=solved&limit=20");
  const rows = (list: typeof open) =>
    list.items.map((report) => (
      <Row
        key={report.id}
        testId={`report-${report.id}`}
        actions={NEXT[report.state].map((state) => (
          <Action
            key={state}
            size="small"
            testId={`report-${report.id}-${state}`}
            onPress={() =>
              void list.act({
                method: "POST",
                path: `/api/admin/reports/${report.id}/state`,
                body: { state },
                version: report.version,
              })
            }
          >
            {t(`lists.become.${state}`)}
          </Action>
        ))}
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
      </Row>
    ));
  return (
    <>
      <Listing title={t("lists.openReports")} testId="reports" list={open}>
        {rows(open)}
      </Listing>
      <Listing title={t("lists.solvedReports")} testId="reports-solved" list={solved}>
        {rows(solved)}
      </Listing>
    </>
  );
}
