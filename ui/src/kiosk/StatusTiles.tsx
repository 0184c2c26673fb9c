/** One tile per status of the station: its colour, its sign, its word. */

import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { StatusDefinition } from "../generated/StatusDefinition";
import { Sign } from "../parts/Sign";
import { lookOf, paintOf } from "../state/look";

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
    <nav
      aria-label={t("work.statuses")}
      className="grid grid-cols-[repeat(auto-fit,minmax(240px,1fr))] gap-4 portrait:grid-cols-2"
    >
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
            className="flex min-h-[max(var(--target),112px)] items-stretch overflow-hidden rounded-card bg-card text-start text-ink shadow-sm cursor-default data-[pressed]:bg-[#d3d8de] data-[pressed]:scale-[0.98] data-[disabled]:opacity-60 data-[disabled]:shadow-none"
          >
            <span
              className="flex w-20 shrink-0 items-center justify-center border-e border-card"
              style={{ background: paint.background, color: paint.text }}
            >
              <Sign look={lookOf(status)} size={38} />
            </span>
            <span className="flex min-w-0 flex-1 flex-col justify-center px-4">
              <span className="text-2xl leading-tight font-semibold">{label(status)}</span>
              {isCurrent && <span className="text-lg text-muted">{t("work.current")}</span>}
            </span>
          </Button>
        );
      })}
    </nav>
  );
}
