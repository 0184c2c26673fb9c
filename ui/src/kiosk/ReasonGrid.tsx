/** Asks why, in the place of the status tiles: no dialog, the state stays in sight. */

import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Reason } from "../generated/Reason";
import type { ReasonType } from "../generated/ReasonType";
import { Action } from "../parts/Action";
import { labelOf } from "../state/look";
import { evenColumns } from "./StatusTiles";
import { useReasons } from "./useStatuses";

export function ReasonGrid({
  title,
  stationId,
  type,
  onChoose,
  onNone,
  onCancel,
}: {
  title: string;
  stationId: string;
  type: ReasonType;
  onChoose: (reason: Reason) => void;
  /** What happens where no reason can be had: the machine stands whether or not anybody knows why. */
  onNone?: () => void;
  onCancel: () => void;
}) {
  const { t, i18n } = useTranslation();
  const { data, isPending } = useReasons(stationId, type);
  const none = !isPending && (data?.length ?? 0) === 0;
  return (
    <section
      className="appearing flex flex-col gap-4 rounded-card bg-card p-5 text-ink shadow-lg"
      data-testid="reasons"
    >
      <div className="flex items-center justify-between gap-4">
        <h2 className="text-3xl font-semibold">{title}</h2>
        <Action onPress={onCancel} testId="reason-cancel">
          {t("app.cancel")}
        </Action>
      </div>
      {none && <p className="text-xl text-muted">{t("work.noReasons")}</p>}
      <div className={`grid gap-4 portrait:grid-cols-2 ${evenColumns(data?.length ?? 1)}`}>
        {data?.map((reason) => (
          <Button
            key={reason.id}
            onPress={() => onChoose(reason)}
            data-testid={`reason-${reason.id}`}
            className="min-h-[var(--target)] rounded-card border-2 border-line bg-card px-4 text-2xl font-medium cursor-default data-[pressed]:bg-[#d3d8de] data-[pressed]:scale-[0.98]"
          >
            {labelOf(reason.labels, i18n.language)}
          </Button>
        ))}
        {none && onNone && (
          <Action size="large" onPress={onNone} testId="reason-none">
            {t("work.noReason")}
          </Action>
        )}
      </div>
    </section>
  );
}
