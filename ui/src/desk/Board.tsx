/** The floor, live: counts, filter, freshness, every open session and every station without one. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CircleHelp, LogOut, UserRoundCheck } from "lucide-react";
import { useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SessionId } from "../generated/SessionId";
import type { UserSelf } from "../generated/UserSelf";
import { Action } from "../parts/Action";
import { LanguageSwitch } from "../parts/LanguageSwitch";
import { Mark } from "../parts/Mark";
import { useConnection, useTopic } from "../parts/useTopic";
import { freeStations } from "../state/free";
import { LOOKS } from "../state/look";
import { activeSessions, stations as everyStation } from "../state/topics";
import { arrange, countShown, group, isFree } from "./arrange";
import { BoardList } from "./BoardList";
import { Controls } from "./Controls";
import { Counts } from "./Counts";
import { useFreshKind } from "./Freshness";
import { Help } from "./Help";
import { type BoardSearch, readSearch, type Shown } from "./search";
import { useHotkeys } from "./useHotkeys";
import { useStableOrder } from "./useStableOrder";

/** What the list says where it has nothing to show. */
function Nothing({ isKnown, isFiltered }: { isKnown: boolean; isFiltered: boolean }) {
  const { t } = useTranslation();
  if (!isKnown) return <p className="m-auto text-muted">{t("desk.loading")}</p>;
  if (isFiltered) return <p className="m-auto text-lg text-muted">{t("desk.noMatch")}</p>;
  return (
    <div className="m-auto flex max-w-sm flex-col items-center gap-2 text-center" data-testid="board-empty">
      <UserRoundCheck size={56} strokeWidth={1.2} className="text-muted" aria-hidden />
      <p className="text-lg font-semibold">{t("desk.empty")}</p>
      <p className="text-muted">{t("desk.emptyHint")}</p>
    </div>
  );
}

export function Board({
  me,
  onLogout,
  onSession,
}: {
  me: UserSelf;
  onLogout: () => void;
  /** Looks at one session. Must be stable. */
  onSession: (id: SessionId) => void;
}) {
  const { t } = useTranslation();
  const search = useSearch({ from: "/desk" });
  const navigate = useNavigate({ from: "/desk" });
  const board = useTopic(activeSessions);
  const stations = useTopic(everyStation);
  const { heard, serverOffset } = useConnection();
  const freshKind = useFreshKind(heard);
  const [held, setHeld] = useState(false);
  const [helping, setHelping] = useState(false);
  const searchField = useRef<HTMLInputElement>(null);
  const filters = useRef<HTMLFieldSetElement>(null);

  const change = useCallback(
    (patch: BoardSearch) => {
      // Typing is no history: going back leaves the board, not the last letter.
      void navigate({ search: (now) => readSearch({ ...now, ...patch }), replace: true });
    },
    [navigate],
  );
  const toggle = (shown: Shown) => {
    const chosen = search.state ?? [];
    change({ state: chosen.includes(shown) ? chosen.filter((other) => other !== shown) : [...chosen, shown] });
  };
  const focusFilters = () => filters.current?.querySelector("button")?.focus();
  useHotkeys({
    "/": () => searchField.current?.focus(),
    KeyF: focusFilters,
    "?": () => setHelping(true),
    ...Object.fromEntries(LOOKS.map((look, at) => [String(at + 1), () => toggle(look)])),
  });

  const places = useMemo(() => {
    const sessions = [...board.rows.values()];
    // Nobody knows who is free before it is known who works.
    return board.known ? [...sessions, ...freeStations([...stations.rows.values()], sessions)] : sessions;
  }, [board, stations]);
  const counts = useMemo(() => countShown(places), [places]);
  const wanted = useMemo(() => arrange(places, search), [places, search]);
  const working = useMemo(() => wanted.filter((place) => !isFree(place)).length, [wanted]);
  const order = useStableOrder(wanted, held, JSON.stringify(search));
  const groups = useMemo(() => group(order, search.group), [order, search.group]);

  return (
    // With large letters the head fills the window: then the page scrolls, and the list keeps its height.
    <main
      className="flex h-full flex-col gap-4 overflow-y-auto p-5"
      data-testid="board"
      data-known={board.known}
      data-offset={board.offset}
    >
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="flex items-center gap-2.5 text-xl font-semibold tracking-tight">
          <Mark size={28} />
          {t("desk.title")}
        </h1>
        <div className="ms-auto flex items-center gap-2.5">
          <LanguageSwitch />
          <Action size="small" onPress={() => setHelping(true)} label={t("desk.help")} testId="board-help">
            <CircleHelp size={18} aria-hidden />
          </Action>
          <Action size="small" onPress={onLogout} testId="desk-logout" label={`${t("desk.logout")}: ${me.user.name}`}>
            <LogOut size={16} aria-hidden className="rtl:-scale-x-100" />
            <bdi>{me.user.name}</bdi>
          </Action>
        </div>
      </header>
      <Counts
        ref={filters}
        counts={stations.known && board.known ? counts : { ...counts, none: null }}
        chosen={search.state ?? []}
        onToggle={toggle}
      />
      <Controls search={search} onChange={change} searchRef={searchField}>
        <span className="ms-auto text-sm text-muted">
          {t("desk.sessions")}{" "}
          {/* One run of figures: two would change places in a language that is read from the right. */}
          <span className="figures">
            <span className="font-semibold text-ink" data-testid="board-count">
              {working}
            </span>
            {working !== board.rows.size && ` / ${board.rows.size}`}
          </span>
        </span>
      </Controls>
      {order.length === 0 ? (
        <Nothing isKnown={board.known} isFiltered={places.length > 0 && Boolean(search.q ?? search.state)} />
      ) : (
        <>
          {board.rows.size === 0 && (
            <p className="text-muted" data-testid="board-empty">
              <span className="font-semibold text-ink">{t("desk.empty")}</span> {t("desk.emptyHint")}
            </p>
          )}
          <BoardList
            isDimmed={freshKind === "stale"}
            groups={groups}
            search={search}
            changedAt={board.changedAt}
            offset={serverOffset}
            onHold={setHeld}
            onSession={onSession}
          />
        </>
      )}
      <Help isOpen={helping} onClose={() => setHelping(false)} />
    </main>
  );
}
