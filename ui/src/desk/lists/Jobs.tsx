/** Jobs in work, live, with their items: made, changed, closed short, reopened; put away, and taken back. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Job } from "../../generated/Job";
import type { JobId } from "../../generated/JobId";
import { Action } from "../../parts/Action";
import { useTopic } from "../../parts/useTopic";
import { stations as everyStation, jobProgress } from "../../state/topics";
import { BLANK_ITEM, draftOf, ItemForm, isReady } from "./ItemForm";
import { BLANK_JOB, draftOfJob, JobForm } from "./JobForm";
import { JobRow } from "./JobRow";
import { Listing, Row } from "./Listing";
import { useAct } from "./useAct";
import { useInOrder } from "./useInOrder";
import { useList } from "./useList";
import { usePresets } from "./usePresets";

/** Jobs that were put away: asked for where somebody looks. */
function Away({ news }: { news: unknown }) {
  const { t } = useTranslation();
  const away = useList<Job>("/api/admin/jobs?state=archived&limit=100", news);
  return (
    <Listing title={t("jobForm.away")} testId="jobs-away" list={away}>
      {away.items.map((job) => (
        <Row
          key={job.id}
          testId={`away-${job.number}`}
          actions={
            <Action
              size="small"
              testId={`unarchive-${job.number}`}
              onPress={() => void away.act({ method: "POST", path: `/api/admin/jobs/${job.id}/unarchive`, body: {} })}
            >
              {t("jobForm.unarchive")}
            </Action>
          }
        >
          <bdi>{job.number}</bdi>
          <bdi className="text-muted">{job.customer}</bdi>
        </Row>
      ))}
    </Listing>
  );
}

export function Jobs() {
  const { t } = useTranslation();
  const told = useTopic(jobProgress);
  const { complaint, act, obtain } = useAct();
  const jobs = useInOrder(told.rows, ({ number }) => number);
  const stations = useInOrder(useTopic(everyStation).rows, ({ code }) => code);
  const [job, setJob] = useState(BLANK_JOB);
  const [typed, setTyped] = useState(BLANK_ITEM);
  /** A job that was made and whose item was refused: the next try goes on with it. */
  const [made, setMade] = useState<{ number: string; id: JobId } | null>(null);
  const [showsAway, setShowsAway] = useState(false);
  const create = async () => {
    const draft = draftOfJob(job);
    let id = made?.number === draft.number ? made.id : null;
    if (id === null) {
      const answer = await obtain<Job>({ method: "POST", path: "/api/admin/jobs", body: draft });
      if (!answer) return;
      id = answer.body.id;
      setMade({ number: draft.number, id });
    }
    if (!(await act({ method: "POST", path: `/api/admin/jobs/${id}/items`, body: draftOf(typed) }))) return;
    setMade(null);
    setJob(BLANK_JOB);
    setTyped(BLANK_ITEM);
  };
  const presets = usePresets(job.number !== "" || typed.name !== "");
  const shared = { act, stations };
  return (
    <>
      <Listing
        title={t("lists.jobs")}
        testId="jobs"
        list={{ items: jobs, isPending: !told.known, isError: false, complaint }}
        head={
          <div className="flex flex-wrap items-end gap-3 rounded-card border border-line bg-ground p-3">
            <JobForm typed={job} onChange={(part) => setJob((now) => ({ ...now, ...part }))} />
            <ItemForm
              typed={typed}
              stations={stations}
              presets={presets}
              onChange={(part) => setTyped((now) => ({ ...now, ...part }))}
            />
            <Action
              size="small"
              kind="primary"
              isDisabled={job.number.trim() === "" || !isReady(typed)}
              testId="job-create"
              onPress={() => void create()}
            >
              {t("lists.create")}
            </Action>
          </div>
        }
      >
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} shared={shared} />
        ))}
      </Listing>
      {showsAway ? (
        <Away news={told.rows} />
      ) : (
        <Action size="small" className="self-start" testId="jobs-away-open" onPress={() => setShowsAway(true)}>
          {t("jobForm.away")}
        </Action>
      )}
    </>
  );
}
