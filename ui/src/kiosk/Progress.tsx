/** Quantities against plan, in four parts: earlier good and scrap, this session's good and scrap. */
import { useTranslation } from "react-i18next";

export function Progress({
  planned,
  good,
  scrap,
  ownGood,
  ownScrap,
}: {
  planned: number;
  /** All that was counted at this step, this session's part included. */
  good: number;
  scrap: number;
  ownGood: number;
  ownScrap: number;
}) {
  const { t } = useTranslation();
  const all = Math.max(planned, good + scrap, 1);
  const parts = [
    { part: "earlier", count: Math.max(0, good - ownGood), look: "bg-[#8a95a1]" },
    { part: "own", count: Math.min(ownGood, good), look: "bg-ink" },
    { part: "earlierScrap", count: Math.max(0, scrap - ownScrap), look: "bg-bad/50" },
    { part: "ownScrap", count: Math.min(ownScrap, scrap), look: "bg-bad" },
  ];
  return (
    <span className="flex w-full min-w-0 items-center gap-4" data-testid="progress" data-good={good} data-scrap={scrap}>
      {/* A time axis is not mirrored, and neither is a plan that fills up. */}
      <span dir="ltr" aria-hidden className="flex h-3 min-w-10 flex-1 overflow-hidden rounded-full bg-line">
        {parts.map(({ part, count, look }) => (
          <span key={part} className={look} style={{ width: `${(count / all) * 100}%` }} />
        ))}
      </span>
      <span className="figures shrink-0 text-xl font-medium">
        {good} / {planned}
      </span>
      {scrap > 0 && (
        <span className="shrink-0 text-lg text-bad">
          {t("items.scrap")} <span className="figures">{scrap}</span>
        </span>
      )}
    </span>
  );
}
