/** A status as it is made or changed: its words, its look, and what it asks of who enters it. */
import { useTranslation } from "react-i18next";
import type { StationLive } from "../../generated/StationLive";
import type { StatusDraft } from "../../generated/StatusDraft";
import { contrast, textOn } from "../../state/contrast";
import { Choice, Entry } from "./Listing";

const STATES = ["production", "setup", "stoppage"] as const;
const CLASSES = ["production", "setup", "plannedStop", "unplannedStop"] as const;
const REASONS = ["never", "later", "now"] as const;
const REPORTS = ["none", "malfunction", "general"] as const;

export const BLANK_STATUS: StatusDraft = {
  key: "",
  stationId: null,
  labels: {},
  color: "#1D5FB8",
  machineState: "stoppage",
  timeClass: "unplannedStop",
  reasonWanted: "later",
  reportType: "none",
};

export function StatusForm({
  draft,
  isNew,
  isProtected,
  stations,
  onChange,
}: {
  draft: StatusDraft;
  /** Its key, and where it holds, stay as they were made. */
  isNew: boolean;
  /** What a protected status is can't be changed. */
  isProtected: boolean;
  stations: readonly StationLive[];
  onChange: (part: Partial<StatusDraft>) => void;
}) {
  const { t } = useTranslation();
  const label = (language: string) => (text: string) => onChange({ labels: { ...draft.labels, [language]: text } });
  const among = <T extends string>(values: readonly T[], words: (value: T) => string) =>
    values.map((id) => ({ id, words: words(id) }));
  const ink = textOn(draft.color);
  return (
    <>
      {isNew && (
        <Entry label={t("lists.key")} value={draft.key} onChange={(key) => onChange({ key })} testId="status-key" />
      )}
      <Entry label="English" value={draft.labels.en ?? ""} onChange={label("en")} testId="status-en" />
      <Entry label="עברית" value={draft.labels.he ?? ""} onChange={label("he")} testId="status-he" />
      <Entry
        label={t("lists.color")}
        type="color"
        value={draft.color}
        onChange={(color) => onChange({ color })}
        testId="status-color"
      />
      <span className="figures rounded-card px-3 py-2" style={{ background: draft.color, color: ink }}>
        {t("lists.contrast", { ratio: contrast(draft.color, ink).toFixed(1) })}
      </span>
      {!isProtected && (
        <Choice
          label={t("statusForm.machineState")}
          value={draft.machineState}
          none={null}
          options={among(STATES, (state) => t(`look.${state}`))}
          onChange={(state) => onChange({ machineState: state as StatusDraft["machineState"] })}
          testId="status-machine-state"
        />
      )}
      <Choice
        label={t("statusForm.timeClass")}
        value={draft.timeClass}
        none={null}
        options={among(CLASSES, (each) => t(`statusForm.class.${each}`))}
        onChange={(each) => onChange({ timeClass: each as StatusDraft["timeClass"] })}
        testId="status-time-class"
      />
      {!isProtected && (
        <Choice
          label={t("statusForm.reportWanted")}
          value={draft.reportType}
          none={null}
          options={among(REPORTS, (report) => t(`statusForm.report.${report}`))}
          onChange={(report) => onChange({ reportType: report as StatusDraft["reportType"] })}
          testId="status-report"
        />
      )}
      {/* The one stop that every plant has asks for its reason later, whatever else changes. */}
      {!(isProtected && draft.key === "stop") && (
        <Choice
          label={t("statusForm.reasonWanted")}
          value={draft.reasonWanted}
          none={null}
          options={among(REASONS, (when) => t(`statusForm.reason.${when}`))}
          onChange={(when) => onChange({ reasonWanted: when as StatusDraft["reasonWanted"] })}
          testId="status-reason"
        />
      )}
      {isNew && (
        <Choice
          label={t("lists.station")}
          value={draft.stationId ?? ""}
          none={t("statusForm.everywhere")}
          options={stations.map(({ id, code, name }) => ({ id, words: `${code} · ${name}` }))}
          onChange={(id) => onChange({ stationId: id === "" ? null : id })}
          testId="status-station"
        />
      )}
    </>
  );
}
