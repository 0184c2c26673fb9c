/** Where a supervisor is: at the board, or in one of the lists. The address keeps it. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { UserSelf } from "../generated/UserSelf";
import { Action } from "../parts/Action";
import { Board } from "./Board";
import { Jobs } from "./lists/Jobs";
import { Reports } from "./lists/Reports";
import { Statuses } from "./lists/Statuses";
import { Waiting } from "./lists/Waiting";

const PLACES = ["board", "waiting", "reports", "jobs", "statuses"] as const;
type Place = (typeof PLACES)[number];

function fromAddress(): Place {
  const named = window.location.hash.slice(1);
  return PLACES.find((place) => place === named) ?? "board";
}

export function DeskPlaces(props: { me: UserSelf; onLogout: () => void; onRevoked: () => void }) {
  const { t } = useTranslation();
  const [place, setPlace] = useState<Place>(fromAddress);
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
  return (
    <div className="flex h-full flex-col">
      <nav className="flex gap-2 border-b border-line px-5 py-2" aria-label={t("lists.places")}>
        {PLACES.map((to) => (
          <Action
            key={to}
            size="small"
            kind={to === place ? "primary" : "quiet"}
            testId={`place-${to}`}
            onPress={() => go(to)}
          >
            {t(`lists.place.${to}`)}
          </Action>
        ))}
      </nav>
      <div className="min-h-0 flex-1">
        {place === "board" ? (
          <Board {...props} />
        ) : (
          <main className="flex h-full flex-col gap-6 overflow-y-auto p-5">
            {place === "waiting" && <Waiting />}
            {place === "reports" && <Reports />}
            {place === "jobs" && <Jobs />}
            {place === "statuses" && <Statuses />}
          </main>
        )}
      </div>
    </div>
  );
}
