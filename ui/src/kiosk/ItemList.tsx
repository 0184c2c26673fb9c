/** Chooses the item to work on: what can be made here, how far it is, and what else it needs. */
import { Check, ListX, PackageSearch, Search, ShieldQuestion } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { StationJobItem } from "../generated/StationJobItem";
import { Action } from "../parts/Action";
import { formatClock } from "../state/clock";
import { Key, Numpad } from "./Numpad";
import { Panel } from "./Panel";
import { Progress } from "./Progress";
import { useKeys } from "./useKeys";
import type { KnownItems } from "./useTrade";

/** What is found: in the job's number, the item's name, the customer. */
export function found(items: readonly StationJobItem[], wanted: string): StationJobItem[] {
  const words = wanted.trim().toLowerCase();
  if (words === "") return [...items];
  return items.filter(({ jobNumber, name, customer }) =>
    [jobNumber, name, customer ?? ""].some((text) => text.toLowerCase().includes(words)),
  );
}

function ItemTile({ item, isBound, onPress }: { item: StationJobItem; isBound: boolean; onPress: () => void }) {
  const { t } = useTranslation();
  const needsApproval = item.firstProductApproval && item.approval !== "approved";
  return (
    <Button
      onPress={onPress}
      isDisabled={isBound}
      data-testid={`item-${item.jobNumber}-${item.position}`}
      data-step={item.stepId}
      className={`flex min-h-[var(--target)] min-w-0 flex-col gap-1.5 rounded-card border-2 p-4 text-start cursor-default data-[pressed]:bg-[#dde2e8] data-[pressed]:scale-[0.98] ${isBound ? "border-ink bg-ground" : "border-line bg-card"}`}
    >
      <span className="flex w-full items-baseline gap-3">
        <bdi className="text-2xl font-semibold whitespace-nowrap">{item.jobNumber}</bdi>
        <bdi className="min-w-0 flex-1 truncate text-2xl">{item.name}</bdi>
        {isBound && <span className="text-lg font-medium">{t("items.bound")}</span>}
      </span>
      <span className="flex w-full flex-wrap items-center gap-x-4 text-lg text-muted">
        {item.customer !== null && <bdi>{item.customer}</bdi>}
        {item.dueOn !== null && <span>{t("items.due", { date: item.dueOn })}</span>}
        {item.complete && (
          <span className="inline-flex items-center gap-1.5 font-medium text-ink">
            <Check size={20} aria-hidden />
            {t("items.complete")}
          </span>
        )}
        {item.missing > 0 && (
          <span className="font-medium text-bad">{t("items.missing", { count: item.missing })}</span>
        )}
        {needsApproval && (
          <span className="inline-flex items-center gap-1.5 font-medium text-ink">
            <ShieldQuestion size={20} aria-hidden />
            {t("items.approval")}
          </span>
        )}
      </span>
      <Progress planned={item.plannedQuantity} good={item.stepGood} scrap={item.stepScrap} ownGood={0} ownScrap={0} />
    </Button>
  );
}

function Nothing({ isError, onRetry }: { isError: boolean; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="m-auto flex flex-col items-center gap-4 text-center text-xl text-muted" data-testid="items-empty">
      <PackageSearch size={64} strokeWidth={1.2} aria-hidden />
      <p>{isError ? t("items.unknown") : t("items.empty")}</p>
      {isError && (
        <Action onPress={onRetry} testId="items-retry">
          {t("app.retry")}
        </Action>
      )}
    </div>
  );
}

export function ItemList({
  known,
  isError,
  bound,
  lead,
  onChoose,
  onUnbind,
  onRetry,
  onCancel,
}: {
  known: KnownItems | undefined;
  isError: boolean;
  bound: string | null;
  lead?: string | undefined;
  onChoose: (item: StationJobItem) => void;
  /** Absent where an item is needed, or none is bound. */
  onUnbind?: (() => void) | undefined;
  onRetry: () => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState("");
  const [searching, setSearching] = useState(false);
  useKeys((read) => {
    if (read.kind === "key") setWanted((now) => now + read.character);
    else if (read.kind === "backspace") setWanted((now) => now.slice(0, -1));
    // A job's paper with a barcode finds its item.
    else if (read.kind === "scan") setWanted(read.text);
    else return false;
    return true;
  });
  const items = found(known?.items ?? [], wanted);
  const age = known?.asOf ? t("items.asOf", { time: formatClock(known.asOf) }) : undefined;
  return (
    <Panel
      title={t("items.title")}
      lead={age ?? lead}
      testId="items"
      onCancel={onCancel}
      actions={
        <>
          {onUnbind && (
            <Action onPress={onUnbind} testId="unbind">
              <ListX size={28} aria-hidden />
              {t("items.none")}
            </Action>
          )}
          <Action onPress={() => setSearching(!searching)} testId="items-search">
            <Search size={28} aria-hidden />
            {wanted === "" ? t("items.search") : <bdi className="figures">{wanted}</bdi>}
          </Action>
        </>
      }
    >
      <div className={`grid min-h-0 flex-1 gap-5 ${searching ? "landscape:grid-cols-[1fr_360px]" : ""}`}>
        {items.length === 0 ? (
          known?.items.length ? (
            <p className="m-auto text-xl text-muted">{t("items.noMatch", { wanted })}</p>
          ) : (
            (known || isError) && <Nothing isError={!known} onRetry={onRetry} />
          )
        ) : (
          <div
            className={`grid content-start gap-4 overflow-y-auto overscroll-contain ${searching ? "" : "landscape:grid-cols-2"}`}
          >
            {items.map((item) => (
              <ItemTile key={item.stepId} item={item} isBound={item.stepId === bound} onPress={() => onChoose(item)} />
            ))}
          </div>
        )}
        {!known && !isError && <p className="m-auto text-xl text-muted">{t("app.loading")}</p>}
        {searching && (
          <Numpad
            name="items"
            value={wanted}
            onChange={setWanted}
            last={
              <Key testId="items-clear" label={t("count.clear")} onPress={() => setWanted("")}>
                C
              </Key>
            }
          />
        )}
      </div>
    </Panel>
  );
}
