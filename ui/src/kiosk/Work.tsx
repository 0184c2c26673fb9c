/** The work screen: fixed zones, the state in words and in colour over the whole background, one tap per status. */
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { KioskView } from "../generated/KioskView";
import type { OwnSession } from "../generated/OwnSession";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { useNow } from "../parts/ticker";
import { lookOf, paintOf } from "../state/look";
import { produces } from "../state/trade";
import { ApprovalPanel } from "./Approval";
import { Asked } from "./Asked";
import { CallPanel } from "./CallPanel";
import { Centre } from "./Centre";
import { ChecklistPanel } from "./Checklist";
import { CountPanel } from "./CountPanel";
import { useCommits } from "./commit";
import { EndBar } from "./EndBar";
import { ItemList } from "./ItemList";
import { ReasonGrid } from "./ReasonGrid";
import { StatusTiles } from "./StatusTiles";
import { TopBar } from "./TopBar";
import { useIdle, useNames } from "./useIdle";
import { useScreenGuard } from "./useScreenGuard";
import { useReasons, useStatuses } from "./useStatuses";
import { boundItem, standingOf, useChecklists, useItems, useRequests } from "./useTrade";
import { type Counting, useWork, type WorkTaps, type Zone } from "./useWork";
import { WorkFooter } from "./WorkFooter";
import { WorkStrip } from "./WorkStrip";

/** These take all the room below the top bar; the others leave the state in sight. */
const WIDE: ReadonlySet<Zone["zone"]> = new Set(["count", "items", "checklist", "approval", "call"]);

function Field({ label, value, testId }: { label: string; value: string; testId?: string }) {
  return (
    <span className="flex min-w-20 flex-col">
      <span className="text-base leading-tight text-muted">{label}</span>
      <bdi className="truncate text-2xl leading-tight font-semibold" data-testid={testId}>
        {value}
      </bdi>
    </span>
  );
}

/** Says why, until the session ends; once the stop is long enough to need it, it says that it is missing. */
function GiveReason({
  missingFrom,
  offset,
  onPress,
}: {
  missingFrom: string | null;
  offset: number;
  onPress: () => void;
}) {
  const { t } = useTranslation();
  const now = useNow() + offset;
  const isMissing = missingFrom !== null && now >= Date.parse(missingFrom);
  return (
    <Action onPress={onPress} testId="give-reason">
      {isMissing && <TriangleAlert size={28} aria-hidden className="text-bad" />}
      <span data-testid={isMissing ? "reason-missing" : undefined}>
        {isMissing ? t("work.whyMissing") : t("work.why")}
      </span>
    </Action>
  );
}

/** The words of a count: what it is for, and what happens when it is sent. */
function useCountWords(label: WorkTaps["label"]) {
  const { t } = useTranslation();
  return (counting: Counting) => {
    switch (counting.kind) {
      case "count":
        return { title: t("count.title"), submit: t("count.send") };
      case "status":
        return { title: t("count.before", { status: label(counting.status) }), submit: t("count.next") };
      case "bind":
        return { title: t("count.beforeItem", { item: counting.item.name }), submit: t("count.next") };
      case "end":
        return { title: t("count.beforeEnd"), submit: t("count.next") };
    }
  };
}

export function Work({
  view,
  own,
  onOther,
  onAbandon,
}: {
  view: KioskView;
  own: OwnSession;
  onOther: () => void;
  onAbandon: () => void;
}) {
  const { t } = useTranslation();
  const { kiosk } = useHost();
  const { commit } = useCommits();
  const named = useNames();
  const idle = useIdle();
  const { session } = own;
  const { data: statuses } = useStatuses(session.stationId, view.link.state);
  // Read while the server is there, so that the questions can be asked when it is not.
  useReasons(session.stationId, "stop");
  useReasons(session.stationId, "malfunction");
  useReasons(session.stationId, "general");
  useReasons(session.stationId, "scrap");
  const { data: lists } = useChecklists(session.stationId);
  const { data: known, isError, refetch } = useItems(view, own);
  const requested = useRequests(view, own);
  const { call, approval } = requested.requests;
  const item = boundItem(known, own);
  const standing = standingOf(item, requested);
  const work = useWork({ view, own, statuses, standing, endList: lists?.end ?? null, call }, idle);
  const { zone, ending, back, label } = work;
  const countWords = useCountWords(label);
  useScreenGuard(`work/${zone.zone}/${ending}`);

  const current = statuses?.find(({ id }) => id === session.currentStatusId);
  const event = own.statusEvent;
  // A reason may be given to the running status as soon as the server has named its event.
  const mayExplain = current?.reasonWanted === "later" && event !== null && event.reasonId === null;
  const paint = paintOf(session.currentStatus);
  const isWide = WIDE.has(zone.zone);
  const reasons = (title: string, type: "stop" | "malfunction" | "general") => (
    <ReasonGrid title={title} stationId={session.stationId} type={type} onChoose={work.because} onCancel={back} />
  );

  return (
    <div
      className="kiosk flex h-full flex-col"
      style={{ background: paint.background, color: paint.text }}
      data-look={lookOf(session.currentStatus)}
    >
      <div className="text-ink">
        <TopBar view={view}>
          <Field label={t("work.worker")} value={named(session.workerName)} testId="worker-name" />
          <Field
            label={t("work.station")}
            value={`${session.stationCode} · ${session.stationName}`}
            testId="station-name"
          />
          <Field label={t("work.job")} value={session.jobNumber ?? t("work.noJob")} testId="job-number" />
        </TopBar>
      </div>
      <main className="flex min-h-0 flex-1 flex-col">
        {/* Whatever is being entered: without an answer the session is closed. */}
        {session.askedAt !== null && (
          <Asked
            since={session.askedAt}
            offset={view.serverOffsetMs}
            isBeside={isWide}
            onHere={work.here}
            onEnd={() => work.end()}
          />
        )}
        {zone.zone === "count" && (
          <CountPanel
            stationId={session.stationId}
            {...countWords(zone.counting)}
            onSubmit={work.counted}
            onLater={zone.counting.kind === "count" ? undefined : () => work.counted()}
            later={t("count.later")}
            onCancel={back}
          />
        )}
        {zone.zone === "items" && (
          <ItemList
            known={known}
            isError={isError}
            bound={session.stepId}
            lead={zone.next ? t("items.needed") : undefined}
            onChoose={work.choose}
            onUnbind={session.stepId !== null && !produces(session) ? work.unbind : undefined}
            onRetry={() => void refetch()}
            onCancel={back}
          />
        )}
        {zone.zone === "checklist" && (
          <ChecklistPanel
            list={zone.list}
            title={t("checklist.end")}
            submit={t("work.confirmEndYes")}
            onSubmit={(answers) => work.finish(zone.quantities, answers)}
            onCancel={back}
          />
        )}
        {zone.zone === "approval" && standing !== "none" && (
          <ApprovalPanel
            standing={standing}
            approval={approval}
            asking={own.asking}
            onAsk={work.askApproval}
            onClose={back}
          />
        )}
        {zone.zone === "approval" && standing === "none" && (
          <ApprovalPanel
            standing="needed"
            approval={null}
            asking={own.asking}
            onAsk={work.askApproval}
            onClose={back}
          />
        )}
        {zone.zone === "call" && <CallPanel call={call} onTakeBack={work.takeBack} onClose={back} />}
        {!isWide && (
          <>
            <Centre session={session} offset={view.serverOffsetMs} />
            <section className="on-colour flex max-h-[76%] flex-col overflow-y-auto px-6 pt-2 pb-5 short:pb-3">
              {zone.zone === "reasons" &&
                reasons(
                  zone.asks === "malfunction"
                    ? t("report.whyMalfunction")
                    : t("work.whyFor", { status: label(zone.change.status) }),
                  zone.asks,
                )}
              {zone.zone === "reasonAfter" && current && reasons(t("work.whyFor", { status: label(current) }), "stop")}
              {zone.zone === "report" && reasons(t("report.whyMalfunction"), "malfunction")}
              {zone.zone === "statuses" && (
                <>
                  <WorkStrip
                    session={session}
                    item={item}
                    known={known}
                    standing={standing}
                    onItems={() => work.setZone({ zone: "items", next: null })}
                    onApproval={() => work.setZone({ zone: "approval" })}
                    onCount={() => work.setZone({ zone: "count", counting: { kind: "count" } })}
                  >
                    {mayExplain && (
                      <GiveReason
                        missingFrom={session.reasonMissingFrom}
                        offset={view.serverOffsetMs}
                        onPress={() => work.setZone({ zone: "reasonAfter" })}
                      />
                    )}
                  </WorkStrip>
                  <StatusTiles
                    statuses={statuses}
                    current={session.currentStatusId}
                    onTap={work.tap}
                    label={label}
                    held={(status) => {
                      if (status.machineState !== "production") return null;
                      if (session.stepId === null) return t("items.first");
                      return standing === "none" || standing === "approved" ? null : t("approval.first");
                    }}
                  />
                </>
              )}
            </section>
          </>
        )}
      </main>
      {/* A small panel has no room for it beside a question, and questions bring their own way out. */}
      {!isWide && (
        <footer
          className={`border-t border-line bg-card px-6 py-3 text-ink short:py-2 ${zone.zone === "statuses" ? "" : "short:hidden"}`}
        >
          {ending ? (
            <EndBar
              station={session.stationCode}
              onEnd={() => work.finish()}
              onAbandon={() => {
                onAbandon();
                void commit("abandon", () => kiosk.abandon());
              }}
              onCancel={() => work.setEnding(false)}
            />
          ) : (
            <WorkFooter
              view={view}
              call={call}
              calling={own.calling}
              onMalfunction={work.malfunction}
              onCall={work.callSupervisor}
              onOther={onOther}
              onEnd={() => work.end()}
            />
          )}
        </footer>
      )}
    </div>
  );
}
