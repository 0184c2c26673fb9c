/** What waits for a supervisor: first products to approve, and calls. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Approval } from "../../generated/Approval";
import type { Call } from "../../generated/Call";
import { Action } from "../../parts/Action";
import { Entry, Listing, Row } from "./Listing";
import { useList } from "./useList";

export function Waiting() {
  const { t } = useTranslation();
  const approvals = useList<Approval>("/api/admin/approvals?state=pending&limit=500");
  const calls = useList<Call>("/api/admin/calls?limit=100");
  const [note, setNote] = useState("");
  const decide = (id: string, how: "approve" | "refuse") =>
    void approvals
      .act({ method: "POST", path: `/api/admin/approvals/${id}/${how}`, body: note.trim() ? { note } : {} })
      .then((done) => done && setNote(""));
  return (
    <>
      <Listing
        title={t("lists.approvals")}
        testId="approvals"
        list={approvals}
        head={<Entry label={t("lists.note")} value={note} onChange={setNote} testId="approval-note" />}
      >
        {approvals.items.map((approval) => (
          <Row
            key={approval.id}
            testId={`approval-${approval.id}`}
            actions={
              <>
                <Action size="small" kind="primary" onPress={() => decide(approval.id, "approve")}>
                  {t("lists.approve")}
                </Action>
                <Action
                  size="small"
                  kind="bad"
                  isDisabled={note.trim() === ""}
                  onPress={() => decide(approval.id, "refuse")}
                >
                  {t("lists.refuse")}
                </Action>
              </>
            }
          >
            <bdi>{`${approval.stationCode} · ${approval.workerName}`}</bdi>
            <bdi>{`${approval.jobNumber} · ${approval.jobItemName}`}</bdi>
          </Row>
        ))}
      </Listing>
      <Listing title={t("lists.calls")} testId="calls" list={calls}>
        {calls.items
          .filter(({ state }) => state === "open" || state === "seen")
          .map((call) => (
            <Row
              key={call.id}
              testId={`call-${call.id}`}
              actions={
                <>
                  {call.state === "open" && (
                    <Action
                      size="small"
                      onPress={() =>
                        void calls.act({ method: "POST", path: `/api/admin/calls/${call.id}/seen`, body: {} })
                      }
                    >
                      {t("lists.seen")}
                    </Action>
                  )}
                  <Action
                    size="small"
                    onPress={() =>
                      void calls.act({ method: "POST", path: `/api/admin/calls/${call.id}/done`, body: {} })
                    }
                  >
                    {t("lists.done")}
                  </Action>
                </>
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
