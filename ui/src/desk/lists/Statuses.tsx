/** Statuses: what they are called and how they look; the contrast is shown as it will be judged. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ManagedStatus } from "../../generated/ManagedStatus";
import type { StatusDraft } from "../../generated/StatusDraft";
import { Action } from "../../parts/Action";
import { contrast, textOn } from "../../state/contrast";
import { labelOf } from "../../state/look";
import { Entry, Listing, Row } from "./Listing";
import { useList } from "./useList";

const PATH = "/api/admin/status-definitions";

function draftOf(status: ManagedStatus): StatusDraft {
  const { key, stationId, labels, color, machineState, timeClass, reasonWanted, reportType, position, active } = status;
  return { key, stationId, labels, color, machineState, timeClass, reasonWanted, reportType, position, active };
}

const BLANK = { key: "", en: "", he: "", color: "#1D5FB8" };

export function Statuses() {
  const { t, i18n } = useTranslation();
  const statuses = useList<ManagedStatus>(`${PATH}?limit=500`);
  const [edited, setEdited] = useState<ManagedStatus | null>(null);
  const [draft, setDraft] = useState(BLANK);
  const set = (part: Partial<typeof BLANK>) => setDraft((now) => ({ ...now, ...part }));
  const edit = (status: ManagedStatus) => {
    setEdited(status);
    setDraft({ key: status.key, en: status.labels.en ?? "", he: status.labels.he ?? "", color: status.color });
  };
  const save = async () => {
    const labels = { ...edited?.labels, en: draft.en, ...(draft.he.trim() ? { he: draft.he } : {}) };
    const look = { labels, color: draft.color };
    const isSaved = edited
      ? await statuses.act({
          method: "PUT",
          path: `${PATH}/${edited.id}`,
          body: { ...draftOf(edited), ...look },
          version: edited.version,
        })
      : await statuses.act({
          method: "POST",
          path: PATH,
          body: {
            key: draft.key,
            ...look,
            machineState: "stoppage",
            timeClass: "unplannedStop",
            reasonWanted: "later",
            reportType: "none",
          },
        });
    if (!isSaved) return;
    setEdited(null);
    setDraft(BLANK);
  };
  const ink = textOn(draft.color);
  return (
    <Listing
      title={t("lists.statuses")}
      testId="statuses"
      list={statuses}
      head={
        <div className="flex flex-wrap items-end gap-3 rounded-card border border-line bg-ground p-3">
          {edited === null && (
            <Entry label={t("lists.key")} value={draft.key} onChange={(key) => set({ key })} testId="status-key" />
          )}
          <Entry label="English" value={draft.en} onChange={(en) => set({ en })} testId="status-en" />
          <Entry label="עברית" value={draft.he} onChange={(he) => set({ he })} testId="status-he" />
          <Entry
            label={t("lists.color")}
            type="color"
            value={draft.color}
            onChange={(color) => set({ color })}
            testId="status-color"
          />
          <span className="figures rounded-card px-3 py-2" style={{ background: draft.color, color: ink }}>
            {t("lists.contrast", { ratio: contrast(draft.color, ink).toFixed(1) })}
          </span>
          <Action
            size="small"
            kind="primary"
            testId="status-save"
            isDisabled={draft.en.trim() === ""}
            onPress={() => void save()}
          >
            {edited ? t("lists.save") : t("lists.create")}
          </Action>
          {edited && (
            <Action
              size="small"
              onPress={() => {
                setEdited(null);
                setDraft(BLANK);
              }}
            >
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
              <Action size="small" testId={`status-edit-${status.key}`} onPress={() => edit(status)}>
                {t("lists.edit")}
              </Action>
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
          {!status.active && <span className="text-muted">{t("lists.retired")}</span>}
        </Row>
      ))}
    </Listing>
  );
}
