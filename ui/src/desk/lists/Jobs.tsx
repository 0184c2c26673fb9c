/** Jobs in work, live: how far they are; new ones with one item in one step; put away, closed short. */
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Job } from "../../generated/Job";
import { useHost } from "../../host/context";
import { Action } from "../../parts/Action";
import { useTopic } from "../../parts/useTopic";
import { stations as everyStation, jobProgress } from "../../state/topics";
import { Entry, Listing, Row } from "./Listing";
import { useAct } from "./useAct";

const BLANK = { number: "", name: "", planned: "100", station: "" };

function inOrder<T>(rows: Iterable<T>, by: (row: T) => string): T[] {
  return [...rows].sort((a, b) => by(a).localeCompare(by(b), "en", { numeric: true }));
}

export function Jobs() {
  const { t } = useTranslation();
  const { desk } = useHost();
  const told = useTopic(jobProgress);
  const places = useTopic(everyStation);
  const { complaint, act } = useAct();
  const jobs = useMemo(() => inOrder(told.rows.values(), ({ number }) => number), [told]);
  const stations = useMemo(() => inOrder(places.rows.values(), ({ code }) => code), [places]);
  const [draft, setDraft] = useState(BLANK);
  const [reason, setReason] = useState("");
  const set = (part: Partial<typeof BLANK>) => setDraft((now) => ({ ...now, ...part }));
  const create = async () => {
    const { number, name, planned, station } = draft;
    const made = { id: "" };
    const isMade = await act({ method: "POST", path: "/api/admin/jobs", body: { number } });
    if (!isMade) return;
    const found = await desk.ask<{ items: Job[] }>({
      method: "GET",
      path: `/api/admin/jobs?search=${encodeURIComponent(number)}`,
    });
    made.id = found.items.find((job) => job.number === number)?.id ?? "";
    const body = { name, plannedQuantity: Number(planned), steps: [{ stationId: station }] };
    if (await act({ method: "POST", path: `/api/admin/jobs/${made.id}/items`, body })) setDraft(BLANK);
  };
  const isReady = draft.number.trim() !== "" && draft.name.trim() !== "" && Number(draft.planned) > 0 && draft.station;
  return (
    <Listing
      title={t("lists.jobs")}
      testId="jobs"
      list={{ items: jobs, isPending: !told.known, isError: false, complaint }}
      head={
        <div className="flex flex-wrap items-end gap-3 rounded-card border border-line bg-ground p-3">
          <Entry
            label={t("lists.number")}
            value={draft.number}
            onChange={(number) => set({ number })}
            testId="job-number"
          />
          <Entry label={t("lists.item")} value={draft.name} onChange={(name) => set({ name })} testId="job-item" />
          <Entry
            label={t("lists.planned")}
            type="number"
            value={draft.planned}
            onChange={(planned) => set({ planned })}
            testId="job-planned"
          />
          <label className="flex flex-col gap-1 text-sm text-muted">
            {t("lists.station")}
            <select
              data-testid="job-station"
              value={draft.station}
              onChange={(event) => set({ station: event.target.value })}
              className="h-9 rounded-card border border-line bg-card px-2 text-base text-ink"
            >
              <option value="">…</option>
              {stations.map(({ id, code, name }) => (
                <option key={id} value={id}>{`${code} · ${name}`}</option>
              ))}
            </select>
          </label>
          <Action size="small" kind="primary" isDisabled={!isReady} testId="job-create" onPress={() => void create()}>
            {t("lists.create")}
          </Action>
          <Entry label={t("lists.shortReason")} value={reason} onChange={setReason} testId="short-reason" />
        </div>
      }
    >
      {jobs.map((job) => (
        <Row
          key={job.id}
          testId={`job-${job.number}`}
          actions={
            <Action
              size="small"
              onPress={() => void act({ method: "POST", path: `/api/admin/jobs/${job.id}/archive`, body: {} })}
            >
              {t("lists.archive")}
            </Action>
          }
        >
          <strong>
            <bdi>{job.number}</bdi>
          </strong>
          <bdi className="text-muted">{job.customer}</bdi>
          {job.items.map((item) => (
            <span key={item.id} className="flex items-center gap-2" data-testid={`job-item-${item.id}`}>
              <bdi>{item.name}</bdi>
              <span className="figures">{`${item.completedGood} / ${item.plannedQuantity}`}</span>
              {item.missing > 0 && <span className="text-bad">{t("lists.missing", { count: item.missing })}</span>}
              {!item.complete && (
                <Action
                  size="small"
                  isDisabled={reason.trim() === ""}
                  onPress={() =>
                    void act({
                      method: "POST",
                      path: `/api/admin/job-items/${item.id}/close-short`,
                      body: { reason },
                    }).then((done) => done && setReason(""))
                  }
                >
                  {t("lists.closeShort")}
                </Action>
              )}
            </span>
          ))}
        </Row>
      ))}
    </Listing>
  );
}
