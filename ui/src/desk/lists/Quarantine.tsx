/**
 * Entries that could not be applied, by session: what each was, when, and what stood against it. A supervisor accepts
 * them into history, all or singly, as sent or as they should have been, or rejects them; each time he says why.
 */
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Code } from "../../generated/Code";
import type { KioskRecord } from "../../generated/KioskRecord";
import type { ManagedStatus } from "../../generated/ManagedStatus";
import type { QuarantineEntry } from "../../generated/QuarantineEntry";
import type { SessionId } from "../../generated/SessionId";
import { Action } from "../../parts/Action";
import { Against } from "../../parts/Against";
import { becauseOf, wordsFor } from "../../parts/problems";
import { useTopic } from "../../parts/useTopic";
import { labelOf } from "../../state/look";
import { bySession, kindOf, valueAt, type Waiting } from "../../state/quarantine";
import { jobProgress, notifications } from "../../state/topics";
import { EntryEdit, type Known } from "./EntryEdit";
import { Preview, usePreview } from "./FiguresChange";
import { Entry, Listing, Row } from "./Listing";
import { useList } from "./useList";

const PATH = "/api/admin/quarantine";

/** What decides: where to, with what besides the reason. Whether it was done. */
type Decide = (to: string, body: object) => Promise<boolean>;

/** What was sent, in a few words. */
function useSaid({ statuses, jobs }: Known) {
  const { t, i18n } = useTranslation();
  return ({ body }: QuarantineEntry): string => {
    const status = statuses.find(({ id }) => id === valueAt(body, ["statusDefinitionId"]));
    const items = jobs.flatMap((job) =>
      job.items.map((item) => ({ id: item.id, words: `${job.number} · ${item.name}` })),
    );
    const item = items.find(({ id }) => id === valueAt(body, ["jobItemId"]));
    const [good, scrap] = [valueAt(body, ["quantities", "good"]), valueAt(body, ["quantities", "scrap"])];
    const isCount = good !== undefined || scrap !== undefined;
    const note = valueAt(body, ["note"]) ?? valueAt(body, ["quantities", "note"]);
    return [
      status && labelOf(status.labels, i18n.language, status.key),
      item?.words,
      isCount && t("count.told", { good: Number(good ?? 0), scrap: Number(scrap ?? 0) }),
      typeof note === "string" && note,
    ]
      .filter(Boolean)
      .join(" · ");
  };
}

function Undecided({
  entry,
  known,
  why,
  decide,
}: {
  entry: QuarantineEntry;
  known: Known;
  /** The reason that is given with each decision; nothing is decided without one. */
  why: string;
  decide: Decide;
}) {
  const { t, i18n } = useTranslation();
  const said = useSaid(known)(entry);
  const [editing, setEditing] = useState(false);
  const { preview, look } = usePreview();
  const isReady = why.trim() !== "";
  const [code, detail] = [valueAt(entry.problem, ["code"]), valueAt(entry.problem, ["detail"])];
  return (
    <Row
      testId={`quarantine-${entry.id}`}
      actions={
        <>
          <Action
            size="small"
            testId={`preview-${entry.id}`}
            onPress={() => look(`${PATH}/${entry.id}/preview`, { reason: why.trim() || t("quarantine.preview") })}
          >
            {t("quarantine.preview")}
          </Action>
          <Action size="small" testId={`edit-${entry.id}`} isDisabled={!isReady} onPress={() => setEditing(true)}>
            {t("lists.edit")}
          </Action>
          <Action
            size="small"
            kind="primary"
            testId={`accept-${entry.id}`}
            isDisabled={!isReady}
            onPress={() => void decide(`${entry.id}/accept`, {})}
          >
            {t("quarantine.accept")}
          </Action>
          <Action
            size="small"
            kind="bad"
            testId={`reject-${entry.id}`}
            isDisabled={!isReady}
            onPress={() => void decide(`${entry.id}/reject`, {})}
          >
            {t("quarantine.reject")}
          </Action>
        </>
      }
    >
      <strong>{t(`unsaid.kind.${kindOf(entry.path)}`)}</strong>
      <time className="figures" dateTime={entry.occurredAt}>
        {new Date(entry.occurredAt).toLocaleString(i18n.language)}
      </time>
      {said && <bdi>{said}</bdi>}
      {entry.undoesId && <span>{t("quarantine.pair")}</span>}
      <span className="text-bad">
        {typeof code === "string" ? (
          <Against
            complaint={{ words: wordsFor(t, code as Code), detail: typeof detail === "string" ? detail : null }}
          />
        ) : (
          becauseOf(t, entry.reason)
        )}
      </span>
      <Preview preview={preview} testId={`figures-${entry.id}`} />
      {editing && (
        <EntryEdit
          body={entry.body}
          known={known}
          onCancel={() => setEditing(false)}
          onDone={(body) => void decide(`${entry.id}/accept`, { body }).then((done) => done && setEditing(false))}
        />
      )}
    </Row>
  );
}

function OfSession({
  waiting,
  kiosk,
  known,
  decide,
  onSession,
}: {
  waiting: Waiting;
  kiosk: string | undefined;
  known: Known;
  decide: Decide;
  onSession: (id: SessionId) => void;
}) {
  const { t } = useTranslation();
  const { sessionId, workerName, stationName, entries } = waiting;
  const [why, setWhy] = useState("");
  const isReady = why.trim() !== "";
  const withReason: Decide = (to, body) => decide(to, { ...body, reason: why.trim() });
  return (
    <section className="flex flex-col gap-2" data-testid={`quarantine-of-${sessionId}`}>
      <div className="flex flex-wrap items-end gap-3">
        <h3 className="me-auto font-semibold">
          <bdi>{[workerName, stationName, kiosk].filter(Boolean).join(" · ") || t("quarantine.nobody")}</bdi>{" "}
          <span className="figures text-sm font-normal text-muted">{entries.length}</span>
        </h3>
        <Entry label={t("quarantine.why")} value={why} onChange={setWhy} testId={`why-${sessionId}`} />
        <Action size="small" onPress={() => onSession(sessionId)}>
          {t("lists.look")}
        </Action>
        <Action
          size="small"
          kind="primary"
          testId={`accept-all-${sessionId}`}
          isDisabled={!isReady}
          onPress={() => void withReason("accept", { sessionId })}
        >
          {t("quarantine.acceptAll")}
        </Action>
        <Action
          size="small"
          kind="bad"
          testId={`reject-all-${sessionId}`}
          isDisabled={!isReady}
          onPress={() => void withReason("reject", { sessionId })}
        >
          {t("quarantine.rejectAll")}
        </Action>
      </div>
      <ul className="flex flex-col gap-2">
        {entries.map((entry) => (
          <Undecided key={entry.id} entry={entry} known={known} why={why} decide={withReason} />
        ))}
      </ul>
    </section>
  );
}

export function Quarantine({ onSession }: { onSession: (id: SessionId) => void }) {
  const { t } = useTranslation();
  const { rows } = useTopic(notifications);
  const told = useTopic(jobProgress);
  const list = useList<QuarantineEntry>(`${PATH}?limit=500`, rows);
  const statuses = useList<ManagedStatus>("/api/admin/status-definitions?limit=500").items;
  const kiosks = useList<KioskRecord>("/api/admin/kiosks?limit=500").items;
  const jobs = useMemo(() => [...told.rows.values()], [told]);
  const known = useMemo(() => ({ statuses, jobs }), [statuses, jobs]);
  const groups = useMemo(() => bySession(list.items), [list.items]);
  const decide: Decide = (to, body) => list.act({ method: "POST", path: `${PATH}/${to}`, body });
  return (
    <Listing title={t("lists.place.quarantine")} testId="quarantine" list={{ ...list, items: groups }}>
      {groups.map((waiting) => (
        <li key={waiting.sessionId}>
          <OfSession
            waiting={waiting}
            kiosk={kiosks.find(({ id }) => id === waiting.kioskId)?.name}
            known={known}
            decide={decide}
            onSession={onSession}
          />
        </li>
      ))}
    </Listing>
  );
}
