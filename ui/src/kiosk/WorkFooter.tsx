/** In thumb's reach: malfunction, call, the next worker, the end; between them what became of the last tap. */
import { BellRing, CircleStop, Eye, TriangleAlert, UserRoundPlus } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Call } from "../generated/Call";
import type { KioskView } from "../generated/KioskView";
import { Action } from "../parts/Action";
import { useCommits } from "./commit";
import { Strip } from "./Strip";

export function WorkFooter({
  view,
  call,
  calling,
  onMalfunction,
  onCall,
  onOther,
  onEnd,
}: {
  view: KioskView;
  call: Call | null;
  /** A call is saved here and not yet sent. */
  calling: boolean;
  onMalfunction: () => void;
  onCall: () => void;
  onOther: () => void;
  onEnd: () => void;
}) {
  const { t } = useTranslation();
  const { strip } = useCommits();
  const state = call ? call.state : calling ? "saved" : "none";
  const words = { none: "call.make", saved: "call.made", open: "call.made", seen: "call.isSeen" } as const;
  const CallSign = state === "seen" ? Eye : BellRing;
  return (
    <div className="flex flex-wrap items-center gap-4 landscape:flex-nowrap">
      <Action kind="bad" size="large" onPress={onMalfunction} testId="malfunction">
        <TriangleAlert size={32} aria-hidden />
        {t("report.malfunction")}
      </Action>
      <Action size="large" onPress={onCall} testId="call" className={state === "none" ? "" : "border-3! border-ink!"}>
        <CallSign size={32} aria-hidden />
        <span data-testid="call-short" data-state={state}>
          {t(words[state === "done" || state === "cancelled" ? "none" : state])}
        </span>
      </Action>
      <div className="flex min-w-0 flex-1 justify-center portrait:min-w-64">
        {strip ? (
          <Strip view={view} />
        ) : (
          view.link.state === "offline" && <p className="text-center text-lg text-muted">{t("link.offlineHint")}</p>
        )}
      </div>
      <Action onPress={onOther} testId="next-worker" label={t("work.nextWorker")} className="min-h-[var(--target)]!">
        <UserRoundPlus size={32} aria-hidden />
        <span className="portrait:hidden landscape:max-[1400px]:hidden">{t("work.nextWorker")}</span>
      </Action>
      <Action size="large" className="min-w-40" onPress={onEnd} testId="end-session">
        <CircleStop size={32} aria-hidden />
        {t("work.end")}
      </Action>
    </div>
  );
}
