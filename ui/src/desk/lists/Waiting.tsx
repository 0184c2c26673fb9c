/** What waits for a supervisor, live: all that rings, the oldest first, with what can be done about it here. */
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Call } from "../../generated/Call";
import type { Notification } from "../../generated/Notification";
import type { SessionId } from "../../generated/SessionId";
import { Action } from "../../parts/Action";
import { becauseOf } from "../../parts/problems";
import { useTopic } from "../../parts/useTopic";
import { fromLocal, toLocal } from "../../state/localTime";
import { labelOf } from "../../state/look";
import { notifications } from "../../state/topics";
import { Preview, usePreview } from "./FiguresChange";
import { Entry, Listing, Row } from "./Listing";
import { type Acting, useAct } from "./useAct";
import { useList } from "./useList";

type Ring = (to: string, body?: object) => Promise<boolean>;

/** That somebody has looked is said once: what nobody looks at is raised. */
function Seen({ about: { id, kind, seenAt }, ring }: { about: Notification; ring: Ring }) {
  const { t } = useTranslation();
  if (seenAt !== null) return null;
  return (
    <Action size="small" testId={`seen-${id}`} onPress={() => void ring(`${kind}s/${id}/seen`)}>
      {t("lists.seen")}
    </Action>
  );
}

/** First products are approved or refused here; the note says why. */
function Decide({ id, ring }: { id: string; ring: Ring }) {
  const { t } = useTranslation();
  const [note, setNote] = useState("");
  const decide = (how: "approve" | "refuse") =>
    void ring(`approvals/${id}/${how}`, note.trim() ? { note: note.trim() } : {}).then((done) => done && setNote(""));
  return (
    <>
      <Entry label={t("lists.note")} value={note} onChange={setNote} testId={`note-${id}`} />
      <Action
        size="small"
        kind="primary"
        className="self-end"
        testId={`approve-${id}`}
        onPress={() => decide("approve")}
      >
        {t("lists.approve")}
      </Action>
      <Action
        size="small"
        kind="bad"
        className="self-end"
        testId={`refuse-${id}`}
        isDisabled={note.trim() === ""}
        onPress={() => decide("refuse")}
      >
        {t("lists.refuse")}
      </Action>
    </>
  );
}

function What({ about }: { about: Notification }) {
  const { t, i18n } = useTranslation();
  return (
    <>
      <strong>{t(`lists.ring.${about.kind}`)}</strong>
      {about.stationCode && <bdi>{[about.stationCode, about.workerName].filter(Boolean).join(" · ")}</bdi>}
      {about.labels && <span>{labelOf(about.labels, i18n.language)}</span>}
      <bdi className="text-muted">
        {about.kind === "quarantine" && about.text ? becauseOf(t, about.text) : about.text}
      </bdi>
      <time className="figures text-muted" dateTime={about.since}>
        {new Date(about.since).toLocaleString(i18n.language)}
      </time>
      {about.escalatedAt && <span className="font-medium text-bad">{t("lists.urgent")}</span>}
    </>
  );
}

/** A session that was closed for want of contact, and nobody has said when it ended: an amendment says it. */
function EndedAt({ about, ring }: { about: Notification; ring: Ring }) {
  const { t } = useTranslation();
  const [at, setAt] = useState(() => toLocal(about.since));
  const [reason, setReason] = useState("");
  const { preview, look, forget } = usePreview();
  const endedAt = fromLocal(at);
  const amendment = { kind: "end", sessionId: about.sessionId, endedAt };
  return (
    <>
      <Entry
        label={t("lists.endedAt")}
        type="datetime-local"
        value={at}
        onChange={(time) => {
          setAt(time);
          forget();
        }}
        testId={`ended-at-${about.id}`}
      />
      <Entry label={t("quarantine.why")} value={reason} onChange={setReason} testId={`ended-why-${about.id}`} />
      <Action
        size="small"
        className="self-end"
        testId={`preview-${about.id}`}
        isDisabled={endedAt === null}
        onPress={() =>
          look("/api/admin/amendments/preview", { ...amendment, reason: reason.trim() || t("quarantine.preview") })
        }
      >
        {t("quarantine.preview")}
      </Action>
      <Action
        size="small"
        kind="primary"
        className="self-end"
        testId={`ended-${about.id}`}
        isDisabled={endedAt === null || reason.trim() === ""}
        onPress={() => void ring("amendments", { ...amendment, reason: reason.trim() })}
      >
        {t("lists.endIt")}
      </Action>
      <Preview preview={preview} testId={`figures-${about.id}`} />
    </>
  );
}

export function Waiting({ onSession }: { onSession: (id: SessionId) => void }) {
  const { t } = useTranslation();
  const { rows, known } = useTopic(notifications);
  const [ringing, deciding] = [useAct(), useAct()];
  const all = useMemo(
    () => [...rows.values()].sort((a, b) => Number(a.since > b.since) - Number(a.since < b.since)),
    [rows],
  );
  const approvals = all.filter(({ kind }) => kind === "approval");
  const others = all.filter(({ kind }) => kind !== "approval");
  // A call that was seen rings no more, but somebody still has to go there.
  const calls = useList<Call>("/api/admin/calls?state=seen&limit=500", rows);
  const ringOf =
    ({ act }: Acting): Ring =>
    (to, body = {}) =>
      act({ method: "POST", path: `/api/admin/${to}`, body });
  const [ring, decide] = [ringOf(ringing), ringOf(deciding)];
  const look = (sessionId: SessionId | null) =>
    sessionId && (
      <Action size="small" onPress={() => onSession(sessionId)}>
        {t("lists.look")}
      </Action>
    );
  return (
    <>
      <Listing
        title={t("lists.rings")}
        testId="rings"
        list={{ items: others, isPending: !known, isError: false, complaint: ringing.complaint }}
      >
        {others.map((about) => (
          <Row
            key={about.id}
            testId={`ring-${about.id}`}
            actions={
              <>
                {about.kind === "call" && <Seen about={about} ring={ring} />}
                {about.kind === "provisional" && <EndedAt about={about} ring={ring} />}
                {look(about.sessionId)}
              </>
            }
          >
            <What about={about} />
          </Row>
        ))}
      </Listing>
      <Listing
        title={t("lists.approvals")}
        testId="approvals"
        list={{ items: approvals, isPending: !known, isError: false, complaint: deciding.complaint }}
      >
        {approvals.map((about) => (
          <Row
            key={about.id}
            testId={`approval-${about.id}`}
            actions={
              <>
                <Seen about={about} ring={decide} />
                <Decide id={about.id} ring={decide} />
                {look(about.sessionId)}
              </>
            }
          >
            <What about={about} />
          </Row>
        ))}
      </Listing>
      <Listing title={t("lists.seenCalls")} testId="calls" list={calls}>
        {calls.items.map((call) => (
          <Row
            key={call.id}
            testId={`call-${call.id}`}
            actions={
              <Action
                size="small"
                onPress={() => void calls.act({ method: "POST", path: `/api/admin/calls/${call.id}/done`, body: {} })}
              >
                {t("lists.done")}
              </Action>
            }
          >
            <bdi>{`${call.stationCode} · ${call.workerName}`}</bdi>
            <bdi className="text-muted">{call.note}</bdi>
          </Row>
        ))}
      </Listing>
    </>
  );
}
