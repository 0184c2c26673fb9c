/** Search, grouping, order and form of the board; all of it lives in the address. */
import { ChevronDown, LayoutGrid, Rows3, Search, Square, SquareCheck, X } from "lucide-react";
import type { ReactNode, Ref } from "react";
import { Input, SearchField, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Action } from "../parts/Action";
import { type BoardSearch, GROUPS, SORTS, VIEWS } from "./search";

const VIEW_SIGNS = { tiles: LayoutGrid, table: Rows3 } as const;

/** The system's own list: with a mouse and a keyboard it is the quickest there is. */
function Choice<T extends string>({
  label,
  value,
  values,
  words,
  onChange,
  testId,
}: {
  label: string;
  value: T;
  values: readonly T[];
  words: (value: T) => string;
  onChange: (value: T) => void;
  testId: string;
}) {
  return (
    <label className="flex h-9 items-center gap-2 rounded-card border border-line bg-card ps-3 text-sm focus-within:outline-3 focus-within:outline-offset-2 focus-within:outline-focus">
      <span className="text-muted">{label}</span>
      <select
        value={value}
        data-testid={testId}
        onChange={(event) => {
          const chosen = values.find((known) => known === event.target.value);
          if (chosen) onChange(chosen);
        }}
        className="h-full appearance-none rounded-card bg-transparent font-medium outline-none"
      >
        {values.map((known) => (
          <option key={known} value={known}>
            {words(known)}
          </option>
        ))}
      </select>
      <ChevronDown size={16} aria-hidden className="pointer-events-none me-2.5 -ms-1 text-muted" />
    </label>
  );
}

export function Controls({
  search,
  onChange,
  searchRef,
  children,
}: {
  search: BoardSearch;
  onChange: (patch: BoardSearch) => void;
  searchRef: Ref<HTMLInputElement>;
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const isFiltered = Boolean(search.q ?? search.state ?? search.free);
  const view = search.view ?? "tiles";
  return (
    <div className="flex flex-wrap items-center gap-2.5">
      <SearchField
        aria-label={t("desk.search")}
        value={search.q ?? ""}
        onChange={(q) => onChange({ q })}
        className="flex h-9 w-72 items-center gap-2 rounded-card border border-line bg-card px-3 focus-within:outline-3 focus-within:outline-offset-2 focus-within:outline-focus"
      >
        <Search size={16} aria-hidden className="text-muted" />
        <Input
          ref={searchRef}
          data-testid="board-search"
          placeholder={t("desk.search")}
          className="min-w-0 flex-1 bg-transparent text-sm outline-none [&::-webkit-search-cancel-button]:hidden"
        />
      </SearchField>
      <Choice
        label={t("desk.groupBy")}
        testId="board-group"
        value={search.group ?? "none"}
        values={GROUPS}
        words={(group) => t(`desk.group.${group}`)}
        onChange={(group) => onChange({ group })}
      />
      <Choice
        label={t("desk.sortBy")}
        testId="board-sort"
        value={search.sort ?? "urgency"}
        values={SORTS}
        words={(sort) => t(`desk.sort.${sort}`)}
        onChange={(sort) => onChange({ sort })}
      />
      <ToggleButton
        isSelected={search.free !== "hide"}
        onChange={(shown) => onChange({ free: shown ? undefined : "hide" })}
        data-testid="board-free"
        className="flex h-9 items-center gap-2 rounded-card border border-line bg-card px-3 text-sm font-medium cursor-default"
      >
        {search.free === "hide" ? <Square size={16} aria-hidden /> : <SquareCheck size={16} aria-hidden />}
        {t("desk.free")}
      </ToggleButton>
      <ToggleButtonGroup
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[view]}
        onSelectionChange={([chosen]) => {
          const next = VIEWS.find((known) => known === chosen);
          if (next) onChange({ view: next });
        }}
        className="flex h-9 rounded-card border border-line bg-card p-0.5"
      >
        {VIEWS.map((known) => {
          const Icon = VIEW_SIGNS[known];
          return (
            <ToggleButton
              key={known}
              id={known}
              data-testid={`view-${known}`}
              className="flex items-center gap-2 rounded-[7px] px-2.5 text-sm cursor-default data-[selected]:bg-ink data-[selected]:text-white"
            >
              <Icon size={16} aria-hidden />
              {t(`desk.${known}`)}
            </ToggleButton>
          );
        })}
      </ToggleButtonGroup>
      {isFiltered && (
        <Action size="small" onPress={() => onChange({ q: "", state: [], free: undefined })} testId="board-clear">
          <X size={16} aria-hidden />
          {t("desk.clear")}
        </Action>
      )}
      {children}
    </div>
  );
}
