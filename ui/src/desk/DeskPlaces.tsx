/** Where a supervisor is: at the board, or in one of the lists. The address keeps it; one connection carries it all. */
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SessionId } from "../generated/SessionId";
import type { UserSelf } from "../generated/UserSelf";
import { Action } from "../parts/Action";
import { LiveScreen, useConnection, useTopic } from "../parts/useTopic";
import { notifications } from "../state/topics";
import { Board } from "./Board";
import { Freshness, FreshnessBand } from "./Freshness";
import { Jobs } from "./lists/Jobs";
import { Quarantine } from "./lists/Quarantine";
import { Reports } from "./lists/Reports";
import { Statuses } from "./lists/Statuses";
import { Waiting } from "./lists/Waiting";
import { SessionPanel } from "./SessionPanel";

const PLACES = ["board", "waiting", "quarantine", "reports", "jobs", "statuses"] as const;
type Place = (typeof PLACES)[number];

function fromAddress(): Place {
  const named = window.location.hash.slice(1);
  return PLACES.find((place) => place === named) ?? "board";
}

/** How much waits for a supervisor, wherever he is: all of it, or what lies in quarantine. */
function WaitingCount({ of }: { of: "waiting" | "quarantine" }) {
  const { t } = useTranslation();
  const { rows } = useTopic(notifications);
  const count = of === "waiting" ? rows.size : [...rows.values()].filter(({ kind }) => kind === "quarantine").length;
  if (count === 0) return null;
  return (
    <span
      data-testid={`${of}-count`}
      data-count={count}
      title={t(of === "waiting" ? "lists.waitingCount" : "quarantine.count", { count })}
      className="figures rounded-full bg-bad px-2 text-xs leading-5 font-semibold text-white"
    >
      {count}
    </span>
  );
}

interface Props {
  me: UserSelf;
  onLogout: () => void;
  onRevoked: () => void;
}

function Places({ me, onLogout, onRevoked }: Props) {
  const { t } = useTranslation();
  const [place, setPlace] = useState<Place>(fromAddress);
  const [session, setSession] = useState<SessionId | null>(null);
  const { revocations } = useConnection();
  useEffect(() => {
    if (revocations > 0) onRevoked();
  }, [revocations, onRevoked]);
  useEffect(() => {
    const follow = () => setPlace(fromAddress());
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  const go = (to: Place) => {
    window.history.replaceState(
      window.history.state,
      "",
      to === "board" ? window.location.pathname + window.location.search : `#${to}`,
    );
    setPlace(to);
  };
  const leave = useCallback(() => setSession(null), []);
  return (
    <div className="flex h-full flex-col">
      <nav className="flex flex-wrap items-center gap-2 border-b border-line px-5 py-2" aria-label={t("lists.places")}>
        {PLACES.map((to) => (
          <Action
            key={to}
            size="small"
            kind={to === place ? "primary" : "quiet"}
            testId={`place-${to}`}
            onPress={() => go(to)}
          >
            <span className="inline-flex items-center gap-1.5">
              {t(`lists.place.${to}`)}
              {(to === "waiting" || to === "quarantine") && <WaitingCount of={to} />}
            </span>
          </Action>
        ))}
        <Freshness />
      </nav>
      <FreshnessBand />
      <div className="flex min-h-0 flex-1">
        <div className="min-w-0 flex-1">
          {place === "board" ? (
            <Board me={me} onLogout={onLogout} onSession={setSession} />
          ) : (
            <main className="flex h-full flex-col gap-6 overflow-y-auto p-5">
              {place === "waiting" && <Waiting onSession={setSession} />}
              {place === "quarantine" && <Quarantine onSession={setSession} />}
              {place === "reports" && <Reports onSession={setSession} />}
              {place === "jobs" && <Jobs />}
              {place === "statuses" && <Statuses />}
            </main>
          )}
        </div>
        {session && <SessionPanel key={session} id={session} onClose={leave} />}
      </div>
    </div>
  );
}

export function DeskPlaces(props: Props) {
  return (
    <LiveScreen>
      <Places {...props} />
    </LiveScreen>
  );
}
