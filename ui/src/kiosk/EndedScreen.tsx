/** How this kiosk lost its session: where to, by whom, and what becomes of what was entered, as it is sent. */
import { ArrowRightLeft, CircleAlert, CircleStop } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Ended } from "../generated/Ended";
import type { KioskView } from "../generated/KioskView";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { wordsFor } from "../parts/problems";
import { formatClock } from "../state/clock";
import { Card } from "./Card";
import { useCommits } from "./commit";
import { UnsaidLine } from "./Unsaid";

/** So many entries are told one by one. */
const TOLD = 4;

const LOOKS = {
  transferred: { title: "ended.transferredTitle", Sign: ArrowRightLeft, tint: "var(--color-taken)" },
  closed: { title: "ended.closedTitle", Sign: CircleStop, tint: undefined },
  quarantined: { title: "ended.quarantinedTitle", Sign: CircleAlert, tint: undefined },
} as const;

function Why({ view, ended }: { view: KioskView; ended: Ended }) {
  const { t } = useTranslation();
  switch (ended.kind) {
    case "closed":
      return (
        <>
          <p>
            {ended.by ? t("ended.closedBy", { who: ended.by }) : t(`ended.reason.${ended.reason ?? "unknown"}`)}{" "}
            {ended.problem && wordsFor(t, ended.problem.code)}
          </p>
          {ended.note && (
            <p className="font-medium">
              <q>
                <bdi>{ended.note}</bdi>
              </q>
            </p>
          )}
        </>
      );
    case "quarantined":
      return (
        <p>
          {t("ended.quarantined")} {ended.problem && wordsFor(t, ended.problem.code)}
        </p>
      );
    case "transferred":
      if (ended.kioskName !== null && ended.kioskName === view.kiosk?.name) return <p>{t("ended.transferredTab")}</p>;
      return <p>{ended.kioskName ? t("ended.transferredTo", { kiosk: ended.kioskName }) : t("ended.transferred")}</p>;
  }
}

/** What was still to be sent then, as it is now. */
function Entries({ view, ended }: { view: KioskView; ended: Ended }) {
  const { t } = useTranslation();
  const told = view.unsaid.slice(-TOLD);
  const words = () => {
    if (view.waiting > 0) return t("ended.waiting", { count: view.waiting });
    return ended.waiting > 0 ? t("ended.nowSent", { count: ended.waiting }) : t("ended.noneWaiting");
  };
  return (
    <div aria-live="polite" className="flex flex-col gap-2" data-testid="ended-entries" data-waiting={view.waiting}>
      <p className={view.waiting > 0 ? "font-medium" : "text-muted"}>{words()}</p>
      {told.length > 0 && (
        <div className="flex flex-col gap-1 text-xl">
          {told.map((each) => (
            <UnsaidLine key={each.seq} told={each} />
          ))}
          {view.unsaid.length > told.length && (
            <p className="text-muted">{t("unsaid.more", { count: view.unsaid.length - told.length })}</p>
          )}
        </div>
      )}
    </div>
  );
}

export function EndedScreen({ view, ended }: { view: KioskView; ended: Ended }) {
  const { t } = useTranslation();
  const { kiosk } = useHost();
  const { commit } = useCommits();
  const { title, Sign, tint } = LOOKS[ended.kind];
  const back = async () => {
    // What was told here was seen here; a few more than fit are left for the next screen.
    const seqs = view.unsaid.slice(-TOLD).map(({ seq }) => seq);
    if (seqs.length > 0) await kiosk.acknowledgeUnsaid(seqs);
    await kiosk.acknowledgeEnded();
  };
  return (
    <Card
      view={view}
      testId={ended.kind}
      tellsEntries
      title={t(title)}
      sign={<Sign size={48} aria-hidden />}
      {...(tint === undefined ? {} : { tint })}
      actions={
        <Action kind="primary" size="large" testId="ended-back" onPress={() => void commit("acknowledge", back)}>
          {t("ended.back")}
        </Action>
      }
    >
      <Why view={view} ended={ended} />
      {ended.kind !== "quarantined" && ended.at && (
        <p className="text-muted">{t("ended.at", { time: formatClock(ended.at, true) })}</p>
      )}
      <Entries view={view} ended={ended} />
    </Card>
  );
}
