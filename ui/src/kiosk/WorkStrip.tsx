/** What is in work, how far it is, and the way to count: one row above the statuses. */
import { Calculator, ChevronRight, PackageOpen, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { ApprovalStanding } from "../generated/ApprovalStanding";
import type { Session } from "../generated/Session";
import type { StationJobItem } from "../generated/StationJobItem";
import { Action } from "../parts/Action";
import { ApprovalSign } from "./Approval";
import { Progress } from "./Progress";
import type { KnownItems } from "./useTrade";

/** The item's pieces with what was counted here since the list was told. */
function piecesOf(item: StationJobItem, { told }: KnownItems, { totals }: Session) {
  return {
    planned: item.plannedQuantity,
    good: item.stepGood + Math.max(0, totals.good - told.good),
    scrap: item.stepScrap + Math.max(0, totals.scrap - told.scrap),
    ownGood: totals.good,
    ownScrap: totals.scrap,
  };
}

export function WorkStrip({
  session,
  item,
  known,
  standing,
  onItems,
  onApproval,
  onCount,
  children,
}: {
  session: Session;
  item: StationJobItem | undefined;
  known: KnownItems | undefined;
  standing: ApprovalStanding;
  onItems: () => void;
  onApproval: () => void;
  onCount: () => void;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const isBound = session.stepId !== null;
  return (
    <div className="mb-3 flex items-stretch gap-3 text-ink short:mb-2" data-testid="work-strip">
      <Button
        onPress={onItems}
        data-testid="choose-item"
        data-bound={isBound}
        className="flex min-h-[var(--target-second)] min-w-0 flex-1 items-center gap-4 rounded-card bg-card px-4 py-1.5 text-start shadow-sm cursor-default data-[pressed]:bg-[#d3d8de]"
      >
        <PackageOpen size={32} aria-hidden className="shrink-0 text-muted" />
        {isBound ? (
          <span className="flex min-w-0 flex-1 flex-col gap-1">
            <span className="flex min-w-0 items-baseline gap-3 text-xl leading-tight">
              <bdi className="font-semibold whitespace-nowrap" data-testid="item-job">
                {session.jobNumber}
              </bdi>
              <bdi className="min-w-0 truncate" data-testid="item-name">
                {session.jobItemName}
              </bdi>
            </span>
            {item && known && <Progress {...piecesOf(item, known, session)} />}
          </span>
        ) : (
          <span className="flex-1 text-2xl font-semibold">{t("items.choose")}</span>
        )}
        <ChevronRight size={28} aria-hidden className="shrink-0 text-muted rtl:-scale-x-100" />
      </Button>
      {standing !== "none" && (
        <Action onPress={onApproval} testId="approval-open">
          <ApprovalSign standing={standing} size={28} />
          <span data-testid="approval-standing" data-standing={standing}>
            {t(`approval.short.${standing}`)}
          </span>
        </Action>
      )}
      {children}
      <Action onPress={onCount} testId="count">
        {session.countMissing ? (
          <TriangleAlert size={28} aria-hidden className="text-bad" />
        ) : (
          <Calculator size={28} aria-hidden />
        )}
        <span className="flex flex-col text-start leading-tight">
          {session.countMissing ? t("count.missing") : t("count.open")}
          <span className="figures text-lg text-muted" data-testid="totals">
            {session.totals.good} / {session.totals.scrap}
          </span>
        </span>
      </Action>
    </div>
  );
}
