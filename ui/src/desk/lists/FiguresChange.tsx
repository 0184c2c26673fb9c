/** What a decision would change of a session's figures: only what differs. */
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Figures } from "../../generated/Figures";
import type { Timestamp } from "../../generated/Timestamp";
import { useHost } from "../../host/context";
import { Against } from "../../parts/Against";
import { type Complaint, complaintOf } from "../../parts/problems";
import { formatClock, formatDuration } from "../../state/clock";
import { labelOf } from "../../state/look";

interface Previewed {
  readonly before: Figures | null;
  readonly after: Figures | null;
}

interface Line {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

function FiguresChange({ before, after }: Previewed) {
  const { t, i18n } = useTranslation();
  if (!after) return <p className="text-muted">{t("quarantine.noFigures")}</p>;
  const pieces = (figures: Figures | null) => (figures ? `${figures.totals.good} / ${figures.totals.scrap}` : "–");
  const clock = (time: Timestamp | null | undefined) => (time ? formatClock(time, true) : "–");
  const length = (ms: number) => formatDuration(ms);
  const statuses = after.statuses.map(({ statusDefinitionId, labels, timeMs }): Line => {
    const was = before?.statuses.find((other) => other.statusDefinitionId === statusDefinitionId)?.timeMs ?? 0;
    return { label: labelOf(labels, i18n.language), before: length(was), after: length(timeMs) };
  });
  const lines: Line[] = [
    { label: t("detail.totals"), before: pieces(before), after: pieces(after) },
    { label: t("quarantine.starts"), before: clock(before?.startedAt), after: clock(after.startedAt) },
    { label: t("quarantine.ends"), before: clock(before?.endedAt), after: clock(after.endedAt) },
    ...statuses,
    { label: t("quarantine.unknown"), before: length(before?.unknownMs ?? 0), after: length(after.unknownMs) },
  ].filter((line) => line.before !== line.after);
  if (lines.length === 0) return <p className="text-muted">{t("quarantine.noChange")}</p>;
  return (
    <dl className="grid w-fit grid-cols-[auto_auto] gap-x-6 gap-y-0.5 text-sm">
      {lines.map((line) => (
        <div key={line.label} className="contents">
          <dt className="text-muted">{line.label}</dt>
          <dd className="figures" dir="ltr">
            {line.before} → <strong>{line.after}</strong>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What a decision would change, asked for before it is made. */
export function usePreview() {
  const { t } = useTranslation();
  const { desk } = useHost();
  const [preview, setPreview] = useState<Previewed | { failed: Complaint } | null>(null);
  /** Counts what was asked: an answer to another question shows nothing. */
  const asked = useRef(0);
  const forget = () => {
    asked.current += 1;
    setPreview(null);
  };
  const look = (path: string, body: object) => {
    asked.current += 1;
    const mine = asked.current;
    const show = (answer: typeof preview) => mine === asked.current && setPreview(answer);
    void desk
      .ask<Previewed>({ method: "POST", path, body })
      .then(show, (error) => show({ failed: complaintOf(t, error) }));
  };
  return { preview, look, forget };
}

export function Preview({ preview, testId }: { preview: ReturnType<typeof usePreview>["preview"]; testId: string }) {
  if (!preview) return null;
  return (
    <div className="basis-full" data-testid={testId}>
      {"failed" in preview ? (
        <p className="text-bad">
          <Against complaint={preview.failed} />
        </p>
      ) : (
        <FiguresChange before={preview.before ?? null} after={preview.after ?? null} />
      )}
    </div>
  );
}
