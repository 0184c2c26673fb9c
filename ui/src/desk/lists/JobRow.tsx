/** A job with its items: what is done of each, by which steps, and what can be changed about it. */
import { BadgeCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Job } from "../../generated/Job";
import type { JobItem } from "../../generated/JobItem";
import type { StationLive } from "../../generated/StationLive";
import { Action } from "../../parts/Action";
import { BLANK_ITEM, draftOf, ItemForm, isReady, typedOf } from "./ItemForm";
import { Row } from "./Listing";
import type { Acting } from "./useAct";
import { usePresets } from "./usePresets";

interface Shared {
  readonly act: Acting["act"];
  readonly stations: readonly StationLive[];
  /** Why an item is closed short. */
  readonly reason: string;
}

function Steps({ item }: { item: JobItem }) {
  const { t } = useTranslation();
  return (
    <span className="flex flex-wrap gap-x-2 text-sm text-muted">
      {item.steps.map(({ id, stationCode, good, firstProductApproval }) => (
        <span key={id} className="inline-flex items-center gap-1">
          <bdi>{stationCode}</bdi>
          <span className="figures">{good}</span>
          {firstProductApproval && (
            <span role="img" aria-label={t("jobForm.approval")} title={t("jobForm.approval")}>
              <BadgeCheck size={14} aria-hidden />
            </span>
          )}
        </span>
      ))}
    </span>
  );
}

/** An item that is made new for a job, or changed. */
function Editing({
  job,
  item,
  shared: { act, stations },
  onDone,
}: {
  job: Job;
  item: JobItem | null;
  shared: Shared;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const presets = usePresets(item === null || item.frozenAt === null);
  const [typed, setTyped] = useState(() => (item ? typedOf(item) : BLANK_ITEM));
  const save = async () => {
    const body = draftOf(typed);
    const isSaved = item
      ? await act({ method: "PUT", path: `/api/admin/job-items/${item.id}`, body, version: item.version })
      : await act({ method: "POST", path: `/api/admin/jobs/${job.id}/items`, body });
    if (isSaved) onDone();
  };
  return (
    <div className="flex basis-full flex-wrap items-end gap-3 rounded-card bg-ground p-3" data-testid="item-edit">
      <ItemForm
        typed={typed}
        stations={stations}
        presets={presets}
        isFrozen={item !== null && item.frozenAt !== null}
        onChange={(part) => setTyped((now) => ({ ...now, ...part }))}
      />
      <Action size="small" kind="primary" testId="item-save" isDisabled={!isReady(typed)} onPress={() => void save()}>
        {t("lists.save")}
      </Action>
      <Action size="small" onPress={onDone}>
        {t("lists.cancel")}
      </Action>
    </div>
  );
}

function Item({ job, item, shared }: { job: Job; item: JobItem; shared: Shared }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const { act, reason } = shared;
  const post = (to: string, body: object) =>
    void act({ method: "POST", path: `/api/admin/job-items/${item.id}/${to}`, body });
  if (editing) return <Editing job={job} item={item} shared={shared} onDone={() => setEditing(false)} />;
  return (
    <span className="flex flex-wrap items-center gap-2" data-testid={`job-item-${item.id}`}>
      <bdi>{item.name}</bdi>
      <span className="figures">{`${item.completedGood} / ${item.plannedQuantity}`}</span>
      {item.missing > 0 && <span className="text-bad">{t("lists.missing", { count: item.missing })}</span>}
      <Steps item={item} />
      <Action size="small" testId={`item-change-${item.id}`} onPress={() => setEditing(true)}>
        {t("lists.edit")}
      </Action>
      {!item.complete && (
        <Action size="small" isDisabled={reason.trim() === ""} onPress={() => post("close-short", { reason })}>
          {t("lists.closeShort")}
        </Action>
      )}
      {item.closedShortAt !== null && (
        <>
          <bdi className="text-muted">{item.closedShortReason}</bdi>
          <Action size="small" testId={`item-reopen-${item.id}`} onPress={() => post("reopen", {})}>
            {t("jobForm.reopen")}
          </Action>
        </>
      )}
    </span>
  );
}

export function JobRow({ job, shared }: { job: Job; shared: Shared }) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  return (
    <Row
      testId={`job-${job.number}`}
      actions={
        <>
          <Action size="small" testId={`job-add-${job.number}`} onPress={() => setAdding(true)}>
            {t("jobForm.addItem")}
          </Action>
          <Action
            size="small"
            onPress={() => void shared.act({ method: "POST", path: `/api/admin/jobs/${job.id}/archive`, body: {} })}
          >
            {t("lists.archive")}
          </Action>
        </>
      }
    >
      <strong>
        <bdi>{job.number}</bdi>
      </strong>
      <bdi className="text-muted">{job.customer}</bdi>
      {job.items.map((item) => (
        <Item key={item.id} job={job} item={item} shared={shared} />
      ))}
      {adding && <Editing job={job} item={null} shared={shared} onDone={() => setAdding(false)} />}
    </Row>
  );
}
