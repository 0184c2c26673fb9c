/** Where the approval of the first product stands, and the way to ask for it. */
import { CircleCheck, CircleX, Hourglass, ShieldQuestion } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Approval } from "../generated/Approval";
import type { ApprovalStanding } from "../generated/ApprovalStanding";
import { Action } from "../parts/Action";
import { formatClock } from "../state/clock";
import { Panel } from "./Panel";

export type Wanted = Exclude<ApprovalStanding, "none">;

const SIGNS = { needed: ShieldQuestion, pending: Hourglass, approved: CircleCheck, refused: CircleX } as const;

export function ApprovalSign({ standing, size }: { standing: Wanted; size: number }) {
  const Icon = SIGNS[standing];
  return <Icon size={size} aria-hidden className="shrink-0" />;
}

export function ApprovalPanel({
  standing,
  approval,
  asking,
  onAsk,
  onClose,
}: {
  standing: Wanted;
  approval: Approval | null;
  /** The request is saved here and not yet sent. */
  asking: boolean;
  onAsk: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const isAsked = standing === "pending" || asking;
  return (
    <Panel title={t("approval.title")} testId="approval" onCancel={onClose}>
      <div className="flex min-h-0 flex-1 flex-col items-start gap-5" data-standing={standing}>
        <p className="flex items-center gap-4 text-3xl font-medium">
          <ApprovalSign standing={asking && standing !== "approved" ? "pending" : standing} size={48} />
          {asking && standing !== "pending" ? t("approval.asking") : t(`approval.${standing}`)}
        </p>
        {standing === "pending" && approval && (
          <p className="text-2xl text-muted">
            {t("approval.askedAt", { time: formatClock(approval.askedAt) })}
            {approval.seenBy !== null && ` · ${t("approval.seenBy", { who: approval.seenBy })}`}
          </p>
        )}
        {standing === "refused" && approval && approval.note !== null && (
          <p className="max-w-4xl text-2xl" data-testid="approval-note">
            {t("approval.note", { who: approval.decidedBy ?? "" })} <q>{approval.note}</q>
          </p>
        )}
        {!isAsked && standing !== "approved" && (
          <Action kind="primary" size="large" onPress={onAsk} testId="approval-ask">
            {standing === "refused" ? t("approval.askAgain") : t("approval.ask")}
          </Action>
        )}
      </div>
    </Panel>
  );
}
