/** One tile per status of the station: its colour, its sign, its word. */

import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { StatusDefinition } from "../generated/StatusDefinition";
import { Sign } from "../parts/Sign";
import { lookOf, paintOf } from "../state/look";

/** Columns that fill the rows evenly, and never more than three rows of them before the tiles get denser. */
export function evenColumns(count: number): string {
  if (count <= 4) return ["", "grid-cols-1", "grid-cols-2", "grid-cols-3", "grid-cols-4"][count] ?? "";
  if (count <= 6) return "grid-cols-3";
  if (count <= 8) return "grid-cols-4";
  return count <= 15 ? "grid-cols-5" : "grid-cols-6";
}

/** More than this are shown closer together. */
const MANY = 8;

export function StatusTiles({
  statuses,
  current,
  label,
  held,
  onTap,
}: {
  statuses: StatusDefinition[] | undefined;
  current: string | null;
  label: (status: StatusDefinition) => string;
  /** Why a status can't be entered yet; its tile then leads to what is missing. */
  held: (status: StatusDefinition) => string | null;
  onTap: (status: StatusDefinition) => void;
}) {
  const { t } = useTranslation();
  if (!statuses) return <p className="min-h-[var(--target)] text-xl">{t("work.noStatuses")}</p>;
  const many = statuses.length > MANY;
  return (
    <nav
      aria-label={t("work.statuses")}
      className={`grid ${evenColumns(statuses.length)} ${many ? "gap-3 portrait:grid-cols-3" : "gap-4 portrait:grid-cols-2"}`}
    >
      {statuses.map((status) => {
        const paint = paintOf(status);
        const isCurrent = status.id === current;
        const why = isCurrent ? null : held(status);
        return (
          <Button
            key={status.id}
            onPress={() => onTap(status)}
            isDisabled={isCurrent}
            data-testid={`status-${status.key}`}
            data-current={isCurrent}
            data-held={why !== null}
            className={`flex min-h-[var(--target)] items-stretch overflow-hidden rounded-card text-start cursor-default data-[pressed]:scale-[0.98] ${isCurrent ? "border-3 border-current" : "bg-card text-ink shadow-sm data-[pressed]:bg-[#d3d8de]"}`}
          >
            <span
              className={`flex shrink-0 items-center justify-center ${many ? "w-15 landscape:max-[1100px]:w-13" : "w-20"}`}
              style={
                isCurrent ? {} : { background: paint.background, color: paint.text, opacity: why === null ? 1 : 0.45 }
              }
            >
              <Sign look={lookOf(status)} size={many ? 32 : 38} />
            </span>
            <span className="flex min-w-0 flex-1 flex-col justify-center px-4 hyphens-auto wrap-anywhere landscape:max-[1100px]:px-2.5">
              <span className={`line-clamp-3 leading-tight font-semibold ${many ? "text-xl" : "text-2xl"}`}>
                {label(status)}
              </span>
              {isCurrent && <span className="text-lg">{t("work.current")}</span>}
              {why !== null && <span className="text-lg leading-tight text-muted">{why}</span>}
            </span>
          </Button>
        );
      })}
    </nav>
  );
}
