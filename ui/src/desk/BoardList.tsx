/** Sessions and free stations, as tiles or as a table. Only the lines in sight are drawn, so ten thousand scroll like ten. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SessionId } from "../generated/SessionId";
import { type Group, isFree, lines, stationOf } from "./arrange";
import { FreeRow, FreeTile } from "./FreeCell";
import { COLUMNS, SessionRow, SessionTile } from "./SessionCell";
import type { BoardSearch } from "./search";
import { useUndecided } from "./useUndecided";

/** The narrowest a tile gets (px). */
const TILE_WIDTH = 270;
const TILE_HEIGHT = 148;
const ROW_HEIGHT = 40;
const HEADING_HEIGHT = 44;

/** How many tiles fit beside each other. */
function useColumns(isTiles: boolean) {
  const ref = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(1);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = () => setColumns(isTiles ? Math.max(1, Math.floor(element.clientWidth / TILE_WIDTH)) : 1);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [isTiles]);
  return { ref, columns };
}

function TableHead() {
  const { t } = useTranslation();
  const columns = ["state", "station", "worker", "job", "since", "totals", "area"] as const;
  return (
    <div
      role="row"
      tabIndex={-1}
      className={`${COLUMNS} sticky top-0 z-10 h-9 items-center border-b border-line bg-ground text-xs font-medium text-muted`}
    >
      {columns.map((column) => (
        <div
          role="columnheader"
          tabIndex={-1}
          key={column}
          className={`px-3 ${column === "since" || column === "totals" ? "text-end" : ""}`}
        >
          {t(`desk.column.${column}`)}
        </div>
      ))}
    </div>
  );
}

function GroupHeading({
  words,
  count,
  isTiles,
  style,
}: {
  words: string;
  count: number;
  isTiles: boolean;
  style: CSSProperties;
}) {
  const text = (
    <>
      <bdi>{words}</bdi> <span className="figures text-sm font-normal text-muted">{count}</span>
    </>
  );
  if (isTiles) {
    return (
      <h2 style={style} className="absolute inset-x-0 top-0 flex items-end gap-2 px-1.5 pb-2 font-semibold">
        {text}
      </h2>
    );
  }
  return (
    <div role="row" tabIndex={-1} style={style} className="absolute inset-x-0 top-0 border-b border-line bg-ground">
      <span role="rowheader" tabIndex={-1} className="flex h-full items-center gap-2 px-3 font-semibold">
        {text}
      </span>
    </div>
  );
}

export function BoardList({
  groups,
  search,
  changedAt,
  offset,
  isDimmed,
  onHold,
  onSession,
}: {
  groups: Group[];
  search: BoardSearch;
  changedAt: ReadonlyMap<string, number>;
  offset: number;
  /** What is shown may no longer be so. */
  isDimmed: boolean;
  /** Whether the pointer is over the list. */
  onHold: (held: boolean) => void;
  /** Looks at one session. */
  onSession: (id: SessionId) => void;
}) {
  const { t } = useTranslation();
  const undecided = useUndecided();
  const isTiles = search.view !== "table";
  const { ref, columns } = useColumns(isTiles);
  const isGrouped = search.group === "area" || search.group === "state";
  const list = useMemo(() => lines(groups, columns, isGrouped), [groups, columns, isGrouped]);
  const virtual = useVirtualizer({
    count: list.length,
    getScrollElement: () => ref.current,
    estimateSize: (at) => {
      if (list[at]?.kind === "heading") return HEADING_HEIGHT;
      return isTiles ? TILE_HEIGHT : ROW_HEIGHT;
    },
    // Heights are known, nothing is measured; the head of the table lies above the first line.
    scrollMargin: isTiles ? 0 : 36,
    overscan: 6,
  });
  // Another form or grouping has other heights.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is measured anew depends on them.
  useLayoutEffect(() => virtual.measure(), [virtual, isTiles, columns, isGrouped]);

  const headingOf = (key: string) => {
    if (search.group === "area") return key === "" ? t("desk.noArea") : key;
    return t(`look.${key as "production"}`);
  };
  return (
    <div
      ref={ref}
      onPointerEnter={() => onHold(true)}
      onPointerLeave={() => onHold(false)}
      className={`min-h-80 flex-1 overflow-auto transition-opacity ${isDimmed ? "opacity-50" : ""} ${isTiles ? "-mx-1.5" : "rounded-card border border-line bg-card"}`}
    >
      <div
        {...(isTiles ? {} : { role: "table", "aria-rowcount": list.length + 1 })}
        className={isTiles ? "" : "min-w-[64rem]"}
        data-testid="board-list"
      >
        {!isTiles && <TableHead />}
        <div role={isTiles ? undefined : "rowgroup"} className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = list[item.index];
            if (!line) return null;
            const style = {
              height: item.size,
              transform: `translateY(${item.start - virtual.options.scrollMargin}px)`,
            };
            if (line.kind === "heading") {
              return (
                <GroupHeading
                  key={`heading/${line.key}`}
                  words={headingOf(line.key)}
                  count={line.count}
                  isTiles={isTiles}
                  style={style}
                />
              );
            }
            return (
              <div
                key={line.places.map(stationOf)[0] ?? item.index}
                role={isTiles ? "list" : "presentation"}
                style={isTiles ? { ...style, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` } : style}
                className={`absolute inset-x-0 top-0 ${isTiles ? "grid" : ""}`}
              >
                {line.places.map((place) => {
                  const changed = changedAt.get(place.id);
                  if (!isTiles) {
                    return isFree(place) ? (
                      <FreeRow key={place.id} station={place} />
                    ) : (
                      <SessionRow
                        key={place.id}
                        session={place}
                        changedAt={changed}
                        offset={offset}
                        undecided={undecided.get(place.id) ?? 0}
                        onOpen={onSession}
                      />
                    );
                  }
                  return (
                    <div key={place.id} role="listitem" className="p-1.5">
                      {isFree(place) ? (
                        <FreeTile station={place} />
                      ) : (
                        <SessionTile
                          session={place}
                          changedAt={changed}
                          offset={offset}
                          undecided={undecided.get(place.id) ?? 0}
                          onOpen={onSession}
                        />
                      )}
                    </div>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
