/** One tile per status of the station: its colour, its sign, its word. */

import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { StatusDefinition } from "../generated/StatusDefinition";
import { Sign } from "../parts/Sign";
import { lookOf, paintOf } from "../state/look";

/** Columns that leave no tile alone in its row. */
export function evenColumns(count: number): string {
  if (count <= 4) return ["", "grid-cols-1", "grid-cols-2", "grid-cols-3", "grid-cols-4"][count] ?? "";
  return count <= 6 || count === 9 ? "grid-cols-3" : "grid-cols-4";
}

export function StatusTiles({
  statuses,
  current,
  label,
  onTap,
}: {
  statuses: StatusDefinition[] | undefined;
  current: string | null;
  label: (status: StatusDefinition) => string;
  onTap: (status: StatusDefinition) => void;
}) {
  const { t } = useTranslation();
  if (!statuses) return <p className="min-h-[var(--target)] text-xl">{t("work.noStatuses")}</p>;
  return (
    <nav aria-label={t("work.statuses")} className={`grid gap-4 portrait:grid-cols-2 ${evenColumns(statuses.length)}`}>
      {statuses.map((status) => {
        const paint = paintOf(status);
        const isCurrent = status.id === current;
        return (
          <Button
            key={status.id}
            onPress={() => onTap(status)}
            isDisabled={isCurrent}
            data-testid={`status-${status.key}`}
            data-current={isCurrent}
            className={`flex min-h-[max(var(--target),104px)] items-stretch overflow-hidden rounded-card text-start cursor-default data-[pressed]:scale-[0.98] ${isCurrent ? "border-3 border-current" : "bg-card text-ink shadow-sm data-[pressed]:bg-[#d3d8de]"}`}
          >
            <span
              className="flex w-20 shrink-0 items-center justify-center"
              style={isCurrent ? {} : { background: paint.background, color: paint.text }}
            >
              <Sign look={lookOf(status)} size={38} />
            </span>
            <span className="flex min-w-0 flex-1 flex-col justify-center px-4">
              <span className="text-2xl leading-tight font-semibold">{label(status)}</span>
              {isCurrent && <span className="text-lg">{t("work.current")}</span>}
            </span>
          </Button>
        );
      })}
    </nav>
  );
}
