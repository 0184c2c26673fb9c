/** How this kiosk lost its session: where to, by whom, and what became of what was entered. */
import { ArrowRightLeft, CircleStop } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Ended } from "../generated/Ended";
import type { KioskView } from "../generated/KioskView";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { formatClock } from "../state/clock";
import { Card } from "./Card";
import { useCommits } from "./commit";

function Why({ view, ended }: { view: KioskView; ended: Ended }) {
  const { t } = useTranslation();
  if (ended.kind === "closed") return <p>{t(`ended.reason.${ended.reason ?? "unknown"}`)}</p>;
  if (ended.kioskName !== null && ended.kioskName === view.kiosk?.name) return <p>{t("ended.transferredTab")}</p>;
  return <p>{ended.kioskName ? t("ended.transferredTo", { kiosk: ended.kioskName }) : t("ended.transferred")}</p>;
}

export function EndedScreen({ view, ended }: { view: KioskView; ended: Ended }) {
  const { t } = useTranslation();
  const { kiosk } = useHost();
  const { commit } = useCommits();
  const taken = ended.kind === "transferred";
  return (
    <Card
      view={view}
      testId={taken ? "transferred" : "closed"}
      title={taken ? t("ended.transferredTitle") : t("ended.closedTitle")}
      sign={taken ? <ArrowRightLeft size={48} aria-hidden /> : <CircleStop size={48} aria-hidden />}
      {...(taken ? { tint: "var(--color-taken)" } : {})}
      actions={
        <Action
          kind="primary"
          size="large"
          testId="ended-back"
          onPress={() => void commit("acknowledge", () => kiosk.acknowledgeEnded())}
        >
          {t("ended.back")}
        </Action>
      }
    >
      <Why view={view} ended={ended} />
      {ended.at && <p className="text-muted">{t("ended.at", { time: formatClock(ended.at, true) })}</p>}
      <p className={ended.waiting > 0 ? "font-medium" : "text-muted"}>
        {ended.waiting > 0 ? t("ended.waiting", { count: ended.waiting }) : t("ended.noneWaiting")}
      </p>
    </Card>
  );
}
