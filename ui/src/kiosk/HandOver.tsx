/** Another worker signed in where a session runs: he may take the machine over, nobody else is asked. */
import { ArrowRightLeft } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Checklist } from "../generated/Checklist";
import type { KioskView } from "../generated/KioskView";
import type { Session } from "../generated/Session";
import type { TakingOver } from "../generated/TakingOver";
import type { Worker } from "../generated/Worker";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { produces } from "../state/trade";
import { Card } from "./Card";
import { ChecklistPanel } from "./Checklist";
import { CountPanel } from "./CountPanel";
import { useCommits } from "./commit";
import { TopBar } from "./TopBar";
import { useNames } from "./useIdle";
import { useScreenGuard } from "./useScreenGuard";
import { useChecklists } from "./useTrade";

/** What is asked on the way: the pieces of running production, then the station's list. */
type Step = { step: "offer" } | { step: "count" } | { step: "list"; list: Checklist; taking: TakingOver };

export function HandOver({ view, session, next }: { view: KioskView; session: Session; next: Worker }) {
  const { t } = useTranslation();
  const { kiosk } = useHost();
  const { commit } = useCommits();
  const named = useNames();
  const { data: lists } = useChecklists(session.stationId);
  const [at, setAt] = useState<Step>({ step: "offer" });
  useScreenGuard(`handOver/${at.step}`);
  const offer = () => setAt({ step: "offer" });
  const take = (taking: TakingOver) => {
    const list = lists?.start;
    if (list && !taking.checklist) return setAt({ step: "list", list, taking });
    offer();
    void commit("handOver", () => kiosk.handOver(taking));
  };

  if (at.step !== "offer") {
    return (
      <div className="kiosk flex h-full flex-col">
        <TopBar view={view}>
          <span className="min-w-0 truncate text-2xl font-semibold">{named(next.name)}</span>
        </TopBar>
        {at.step === "count" ? (
          <CountPanel
            stationId={session.stationId}
            title={t("handOver.count")}
            lead={t("handOver.countLead", { worker: named(session.workerName) })}
            submit={t("handOver.submit")}
            later={t("handOver.unknown")}
            onSubmit={(quantities) => take({ quantities })}
            onLater={() => take({ quantitiesUnknown: true })}
            onCancel={offer}
          />
        ) : (
          <ChecklistPanel
            list={at.list}
            title={t("checklist.start")}
            submit={t("handOver.submit")}
            onSubmit={(checklist) => take({ ...at.taking, checklist })}
            onCancel={offer}
          />
        )}
      </div>
    );
  }
  return (
    <Card
      view={view}
      testId="handover-offer"
      title={t("handOver.title", { worker: named(session.workerName) })}
      sign={<ArrowRightLeft size={48} aria-hidden />}
      actions={
        <>
          <Action size="large" testId="handover-stay" onPress={() => void commit("stay", () => kiosk.signOut())}>
            {t("handOver.stay")}
          </Action>
          <Action
            kind="primary"
            size="large"
            testId="handover"
            onPress={() => (produces(session) ? setAt({ step: "count" }) : take({}))}
          >
            {t("handOver.submit")}
          </Action>
        </>
      }
    >
      <p className="text-3xl font-semibold">
        <bdi>{session.stationCode}</bdi> · <bdi>{session.stationName}</bdi>
      </p>
      <p>{t("handOver.lead", { next: named(next.name), worker: named(session.workerName) })}</p>
    </Card>
  );
}
