/** Asks why, in the place of the status tiles: no dialog, the state stays in sight. */

import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Reason } from "../generated/Reason";
import type { ReasonType } from "../generated/ReasonType";
import { Action } from "../parts/Action";
import { labelOf } from "../state/look";
import { evenColumns } from "./StatusTiles";
import { useReasons } from "./useStatuses";

/** Reasons have no sign beside them, so that six fit where five statuses do: two rows are read at a glance. */
function reasonColumns(count: number): string {
  return count > 10 ? "grid-cols-6" : evenColumns(count);
}

export function ReasonGrid({
  title,
  stationId,
  type,
  onChoose,
  onCancel,
}: {
  title: string;
  stationId: string;
  type: ReasonType;
  onChoose: (reason: Reason) => void;
  onCancel: () => void;
}) {
  const { t, i18n } = useTranslation();
  const { data, isError, refetch } = useReasons(stationId, type);
  return (
    <section
      className="appearing flex flex-col gap-4 rounded-card bg-card p-5 text-ink shadow-lg short:gap-3 short:p-3"
      data-testid="reasons"
    >
      <div className="flex items-center justify-between gap-4">
        <h2 className="text-3xl font-semibold">{title}</h2>
        <Action onPress={onCancel} testId="reason-cancel">
          {t("app.cancel")}
        </Action>
      </div>
      {data?.length === 0 && <p className="text-xl text-muted">{t("work.noReasons")}</p>}
      {!data && <p className="text-xl text-muted">{isError ? t("problem.UNAVAILABLE") : t("app.loading")}</p>}
      <div className={`grid gap-4 portrait:grid-cols-2 ${reasonColumns(data?.length ?? 1)}`}>
        {data?.map((reason) => (
          <Button
            key={reason.id}
            onPress={() => onChoose(reason)}
            data-testid={`reason-${reason.id}`}
            className="min-h-[var(--target)] min-w-0 rounded-card border-2 border-line bg-card px-3 py-1 text-2xl leading-tight font-medium hyphens-auto wrap-anywhere landscape:max-[1100px]:text-xl cursor-default data-[pressed]:bg-[#d3d8de] data-[pressed]:scale-[0.98]"
          >
            {labelOf(reason.labels, i18n.language)}
          </Button>
        ))}
        {isError && !data && (
          <Action size="large" onPress={() => void refetch()} testId="reason-retry">
            {t("app.retry")}
          </Action>
        )}
      </div>
    </section>
  );
}
