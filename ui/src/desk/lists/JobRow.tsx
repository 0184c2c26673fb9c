/** A job with its items: what is done of each, by which steps, and what can be changed about it. */
import { BadgeCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Job } from "../../generated/Job";
import type { JobItem } from "../../generated/JobItem";
import type { StationLive } from "../../generated/StationLive";
import { Action } from "../../parts/Action";
import { BLANK_ITEM, draftOf, ItemForm, isReady, typedOf } from "./ItemForm";
import { draftOfJob, JobForm, typedOfJob } from "./JobForm";
import { Entry, Row } from "./Listing";
import type { Acting } from "./useAct";
import { usePresets } from "./usePresets";

interface Shared {
  readonly act: Acting["act"];
  readonly stations: readonly StationLive[];
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

/** No more are made of an item: why not is said with it. */
function CloseShort({ id, onSend, onDone }: { id: string; onSend: (reason: string) => void; onDone: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  return (
    <span className="flex flex-wrap items-end gap-2">
      <Entry label={t("lists.shortReason")} value={reason} onChange={setReason} testId={`short-reason-${id}`} />
      <Action
        size="small"
        kind="primary"
        testId={`short-${id}`}
        isDisabled={reason.trim() === ""}
        onPress={() => onSend(reason.trim())}
      >
        {t("lists.closeShort")}
      </Action>
      <Action size="small" onPress={onDone}>
        {t("lists.cancel")}
      </Action>
    </span>
  );
}

function Item({ job, item, shared }: { job: Job; item: JobItem; shared: Shared }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const [closing, setClosing] = useState(false);
  const post = (to: string, body: object = {}) =>
    shared.act({ method: "POST", path: `/api/admin/job-items/${item.id}/${to}`, body });
  if (editing) return <Editing job={job} item={item} shared={shared} onDone={() => setEditing(false)} />;
  if (item.archivedAt !== null) {
    return (
      <span className="flex basis-full flex-wrap items-center gap-2 text-muted" data-testid={`job-item-${item.id}`}>
        <bdi>{item.name}</bdi>
        <span>{t("jobForm.away")}</span>
        <Action size="small" testId={`item-unarchive-${item.id}`} onPress={() => void post("unarchive")}>
          {t("jobForm.unarchive")}
        </Action>
      </span>
    );
  }
  return (
    <span className="flex basis-full flex-wrap items-center gap-2" data-testid={`job-item-${item.id}`}>
      <bdi>{item.name}</bdi>
      <span className="figures">{`${item.completedGood} / ${item.plannedQuantity}`}</span>
      {item.missing > 0 && <span className="text-bad">{t("lists.missing", { count: item.missing })}</span>}
      <Steps item={item} />
      <Action size="small" testId={`item-change-${item.id}`} onPress={() => setEditing(true)}>
        {t("lists.edit")}
      </Action>
      {!item.complete && !closing && (
        <Action size="small" testId={`item-short-${item.id}`} onPress={() => setClosing(true)}>
          {t("lists.closeShort")}
        </Action>
      )}
      {item.closedShortAt !== null && (
        <>
          <bdi className="text-muted">{item.closedShortReason}</bdi>
          <Action size="small" testId={`item-reopen-${item.id}`} onPress={() => void post("reopen")}>
            {t("jobForm.reopen")}
          </Action>
        </>
      )}
      <Action size="small" testId={`item-archive-${item.id}`} onPress={() => void post("archive")}>
        {t("lists.archive")}
      </Action>
      {closing && (
        <CloseShort
          id={item.id}
          onSend={(reason) => void post("close-short", { reason }).then((done) => done && setClosing(false))}
          onDone={() => setClosing(false)}
        />
      )}
    </span>
  );
}

/** The job itself is changed, or removed while nothing needs it. */
function EditingJob({ job, act, onDone }: { job: Job; act: Acting["act"]; onDone: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(() => typedOfJob(job));
  const send = (method: "PUT" | "DELETE", more: object) =>
    void act({ method, path: `/api/admin/jobs/${job.id}`, version: job.version, ...more }).then(
      (done) => done && onDone(),
    );
  return (
    <div className="flex basis-full flex-wrap items-end gap-3 rounded-card bg-ground p-3" data-testid="job-edit">
      <JobForm typed={typed} onChange={(part) => setTyped((now) => ({ ...now, ...part }))} />
      <Action
        size="small"
        kind="primary"
        testId="job-save"
        isDisabled={typed.number.trim() === ""}
        onPress={() => send("PUT", { body: draftOfJob(typed) })}
      >
        {t("lists.save")}
      </Action>
      <Action size="small" onPress={onDone}>
        {t("lists.cancel")}
      </Action>
      <Action size="small" kind="bad" className="ms-auto" testId="job-delete" onPress={() => send("DELETE", {})}>
        {t("lists.remove")}
      </Action>
    </div>
  );
}

export function JobRow({ job, shared }: { job: Job; shared: Shared }) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState(false);
  return (
    <Row
      testId={`job-${job.number}`}
      actions={
        <>
          <Action size="small" testId={`job-add-${job.number}`} onPress={() => setAdding(true)}>
            {t("jobForm.addItem")}
          </Action>
          <Action size="small" testId={`job-change-${job.number}`} onPress={() => setEditing(true)}>
            {t("lists.edit")}
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
      {job.customer !== null && <bdi className="text-muted">{job.customer}</bdi>}
      {job.dueOn !== null && <span className="text-muted">{t("items.due", { date: job.dueOn })}</span>}
      {job.description !== null && <bdi className="text-muted">{job.description}</bdi>}
      {editing && <EditingJob job={job} act={shared.act} onDone={() => setEditing(false)} />}
      {job.items.map((item) => (
        <Item key={item.id} job={job} item={item} shared={shared} />
      ))}
      {adding && <Editing job={job} item={null} shared={shared} onDone={() => setAdding(false)} />}
    </Row>
  );
}
