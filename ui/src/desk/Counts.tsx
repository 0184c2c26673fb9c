/** How many stand in each state, and how many stations are free; each count is a filter. */
import type { Ref } from "react";
import { ToggleButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Sign } from "../parts/Sign";
import { PAINT } from "../state/look";
import { SHOWN, type Shown } from "./search";

export function Counts({
  ref,
  counts,
  chosen,
  onToggle,
}: {
  ref: Ref<HTMLFieldSetElement>;
  /** Null for what is not known yet. */
  counts: Record<Shown, number | null>;
  chosen: readonly Shown[];
  onToggle: (shown: Shown) => void;
}) {
  const { t } = useTranslation();
  return (
    <fieldset ref={ref} className="flex flex-wrap gap-2" aria-label={t("desk.filter")}>
      {SHOWN.map((shown) => {
        const paint = shown === "noContact" ? null : PAINT[shown];
        return (
          <ToggleButton
            key={shown}
            isSelected={chosen.includes(shown)}
            onChange={() => onToggle(shown)}
            data-testid={`count-${shown}`}
            data-count={counts[shown]}
            className={`flex h-12 items-stretch overflow-hidden rounded-card border border-line bg-card text-start cursor-default data-[pressed]:scale-[0.98] data-[selected]:border-ink data-[selected]:ring-2 data-[selected]:ring-ink`}
          >
            <span
              className={`flex w-10 items-center justify-center ${paint ? "" : "hatched text-ink"}`}
              style={paint ? { background: paint.background, color: paint.text } : {}}
            >
              <Sign look={shown} size={20} />
            </span>
            <span className="flex items-center gap-3 px-3.5">
              <span className="text-sm text-muted">{t(`look.${shown}`)}</span>
              <span className="figures text-xl font-semibold">{counts[shown] ?? "–"}</span>
            </span>
          </ToggleButton>
        );
      })}
    </fieldset>
  );
}
