/** One station without a session on the board, as a tile or as a row. */
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { StationLive } from "../generated/StationLive";
import { Sign } from "../parts/Sign";
import { PAINT } from "../state/look";
import { COLUMNS, ROW_CELLS } from "./SessionCell";

const { background, text: color } = PAINT.none;

function Tile({ station }: { station: StationLive }) {
  const { t } = useTranslation();
  return (
    <article
      data-testid={`board-free-${station.code}`}
      data-look="none"
      className="flex h-full flex-col overflow-hidden rounded-card border border-line"
      style={{ background, color }}
    >
      <header className="flex h-11 items-center gap-2.5 px-3.5">
        <Sign look="none" size={20} />
        <span className="min-w-0 flex-1 truncate font-semibold">{t("look.none")}</span>
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-1 px-3.5 py-2.5 text-sm">
        <p className="flex items-baseline gap-2">
          <bdi className="whitespace-nowrap text-lg leading-tight font-semibold">{station.code}</bdi>
          <bdi className="truncate">{station.name}</bdi>
        </p>
        <p className="mt-auto truncate">
          <bdi>{station.type}</bdi>
        </p>
      </div>
    </article>
  );
}

function Row({ station }: { station: StationLive }) {
  const { t } = useTranslation();
  return (
    <div
      role="row"
      tabIndex={-1}
      data-testid={`board-free-${station.code}`}
      data-look="none"
      className={`${COLUMNS} ${ROW_CELLS} text-muted`}
    >
      <div role="cell" className="gap-2 font-medium" style={{ background, color }}>
        <Sign look="none" size={18} />
        <span className="truncate">{t("look.none")}</span>
      </div>
      <div role="cell" className="gap-2">
        <bdi className="whitespace-nowrap font-semibold text-ink">{station.code}</bdi>
        <bdi className="truncate">{station.name}</bdi>
      </div>
      <div role="cell">–</div>
      <div role="cell">–</div>
      <div role="cell" className="justify-end">
        –
      </div>
      <div role="cell" className="justify-end">
        –
      </div>
      <div role="cell">
        <bdi className="truncate">{station.area ?? "–"}</bdi>
      </div>
    </div>
  );
}

export const FreeTile = memo(Tile);
export const FreeRow = memo(Row);
