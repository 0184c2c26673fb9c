/** Another worker signed in where a session runs: he may take the machine over, nobody else is asked. */
import { ArrowRightLeft } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { KioskView } from "../generated/KioskView";
import type { Session } from "../generated/Session";
import type { Worker } from "../generated/Worker";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { Card } from "./Card";
import { useCommits } from "./commit";
import { useNames } from "./useIdle";

export function HandOver({ view, session, next }: { view: KioskView; session: Session; next: Worker }) {
  const { t } = useTranslation();
  const { kiosk } = useHost();
  const { commit } = useCommits();
  const named = useNames();
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
            onPress={() => void commit("handOver", () => kiosk.handOver())}
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
