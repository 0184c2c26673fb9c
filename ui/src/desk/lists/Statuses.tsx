/** Statuses: what they are called, how they look, and what they ask; the contrast is shown as it will be judged. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ManagedStatus } from "../../generated/ManagedStatus";
import type { StatusDraft } from "../../generated/StatusDraft";
import { Action } from "../../parts/Action";
import { useTopic } from "../../parts/useTopic";
import { textOn } from "../../state/contrast";
import { labelOf } from "../../state/look";
import { stations as everyStation } from "../../state/topics";
import { Listing, Row } from "./Listing";
import { BLANK_STATUS, StatusForm } from "./StatusForm";
import { useInOrder } from "./useInOrder";
import { useList } from "./useList";

const PATH = "/api/admin/status-definitions";

function draftOf(status: ManagedStatus): StatusDraft {
  const { key, stationId, labels, color, machineState, timeClass, reasonWanted, reportType, position, active } = status;
  return { key, stationId, labels, color, machineState, timeClass, reasonWanted, reportType, position, active };
}

/** Words that were emptied are left out. */
function worded({ labels, ...draft }: StatusDraft): StatusDraft {
  return { ...draft, labels: Object.fromEntries(Object.entries(labels).filter(([, words]) => words?.trim())) };
}

export function Statuses() {
  const { t, i18n } = useTranslation();
  const statuses = useList<ManagedStatus>(`${PATH}?limit=500`);
  const stations = useInOrder(useTopic(everyStation).rows, ({ code }) => code);
  const [edited, setEdited] = useState<ManagedStatus | null>(null);
  const [draft, setDraft] = useState(BLANK_STATUS);
  const begin = (status: ManagedStatus | null) => {
    setEdited(status);
    setDraft(status ? draftOf(status) : BLANK_STATUS);
  };
  const save = async () => {
    const body = worded(draft);
    const isSaved = edited
      ? await statuses.act({ method: "PUT", path: `${PATH}/${edited.id}`, body, version: edited.version })
      : await statuses.act({ method: "POST", path: PATH, body });
    if (isSaved) begin(null);
  };
  return (
    <Listing
      title={t("lists.statuses")}
      testId="statuses"
      list={statuses}
      head={
        <div className="flex flex-wrap items-end gap-3 rounded-card border border-line bg-ground p-3">
          <StatusForm
            draft={draft}
            isNew={edited === null}
            isProtected={edited?.protected ?? false}
            stations={stations}
            onChange={(part) => setDraft((now) => ({ ...now, ...part }))}
          />
          <Action
            size="small"
            kind="primary"
            testId="status-save"
            isDisabled={(draft.labels.en ?? "").trim() === ""}
            onPress={() => void save()}
          >
            {edited ? t("lists.save") : t("lists.create")}
          </Action>
          {edited && (
            <Action size="small" onPress={() => begin(null)}>
              {t("lists.cancel")}
            </Action>
          )}
        </div>
      }
    >
      {statuses.items.map((status) => (
        <Row
          key={status.id}
          testId={`status-row-${status.key}`}
          actions={
            <>
              <Action size="small" testId={`status-edit-${status.key}`} onPress={() => begin(status)}>
                {t("lists.edit")}
              </Action>
              {!status.active && (
                <Action
                  size="small"
                  testId={`status-restore-${status.key}`}
                  onPress={() =>
                    void statuses.act({
                      method: "PUT",
                      path: `${PATH}/${status.id}`,
                      body: { ...draftOf(status), active: true },
                      version: status.version,
                    })
                  }
                >
                  {t("lists.restore")}
                </Action>
              )}
              {!status.protected && (
                <Action
                  size="small"
                  kind="bad"
                  testId={`status-delete-${status.key}`}
                  onPress={() =>
                    void statuses.act({ method: "DELETE", path: `${PATH}/${status.id}`, version: status.version })
                  }
                >
                  {t("lists.remove")}
                </Action>
              )}
            </>
          }
        >
          <span className="rounded-card px-3 py-1" style={{ background: status.color, color: textOn(status.color) }}>
            {labelOf(status.labels, i18n.language, status.key)}
          </span>
          <code>{status.key}</code>
          <span className="text-muted">{t(`statusForm.class.${status.timeClass}`)}</span>
          {status.reasonWanted !== "never" && (
            <span className="text-muted">
              {t("statusForm.reasonWanted")}: {t(`statusForm.reason.${status.reasonWanted}`)}
            </span>
          )}
          {status.reportType !== "none" && (
            <span className="text-muted">
              {t("statusForm.reportWanted")}: {t(`statusForm.report.${status.reportType}`)}
            </span>
          )}
          {status.stationId && (
            <bdi className="text-muted">{stations.find(({ id }) => id === status.stationId)?.code}</bdi>
          )}
          {!status.active && <span className="text-muted">{t("lists.retired")}</span>}
        </Row>
      ))}
    </Listing>
  );
}
