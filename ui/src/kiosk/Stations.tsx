/** Chooses a station, with who is there now: live, and as last known where the server is away. */
import { MapPin, Shuffle, User } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Checklist } from "../generated/Checklist";
import type { KioskView } from "../generated/KioskView";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { formatClock } from "../state/clock";
import { ChecklistPanel } from "./Checklist";
import { useCommits } from "./commit";
import { Strip } from "./Strip";
import { TopBar } from "./TopBar";
import { type Choice, useChoices } from "./useChoices";
import { useNames } from "./useIdle";
import { useScreenGuard } from "./useScreenGuard";

/** The kiosk's own station first, then free ones, those the worker is meant for before others, then the rest; by code. */
export function inOrder(stations: readonly Choice[], own: string | null): Choice[] {
  const rank = (station: Choice) =>
    station.id === own ? 0 : station.occupancy ? 3 : station.outsideAssignment ? 2 : 1;
  return [...stations].sort((a, b) => rank(a) - rank(b) || a.code.localeCompare(b.code, "en", { numeric: true }));
}

function StationTile({ station, own, onPress }: { station: Choice; own: boolean; onPress: () => void }) {
  const { t } = useTranslation();
  const named = useNames();
  const { occupancy } = station;
  return (
    <Button
      onPress={onPress}
      isDisabled={occupancy !== null}
      data-testid={`station-${station.code}`}
      className={`flex min-h-40 flex-col justify-between gap-2 rounded-card border-2 p-5 short:min-h-32 short:gap-1 short:p-4 text-start cursor-default data-[pressed]:bg-[#dde2e8] data-[pressed]:scale-[0.98] ${own ? "border-ink" : "border-line"} ${occupancy ? "bg-ground text-muted" : "bg-card"}`}
    >
      <bdi className="text-3xl font-semibold whitespace-nowrap">{station.code}</bdi>
      <span className="line-clamp-2 text-xl">
        <bdi>{station.name}</bdi>
      </span>
      <span className="flex items-center gap-2 text-lg">
        {occupancy ? (
          <>
            <User size={20} aria-hidden />
            <span>
              {t("stations.occupied", {
                worker: named(occupancy.workerName),
                time: formatClock(occupancy.since),
              })}
              {occupancy.contact !== "online" && ` · ${t("stations.lostContact")}`}
            </span>
          </>
        ) : (
          <span className="font-medium">{t("stations.free")}</span>
        )}
      </span>
      {own && (
        <span className="flex items-center gap-1.5 text-base text-muted">
          <MapPin size={18} aria-hidden />
          {t("stations.here")}
        </span>
      )}
      {station.outsideAssignment && (
        <span className="flex items-center gap-1.5 text-base text-muted" data-testid={`outside-${station.code}`}>
          <Shuffle size={18} aria-hidden />
          {t("stations.outside")}
        </span>
      )}
    </Button>
  );
}

export function Stations({ view }: { view: KioskView }) {
  const { t } = useTranslation();
  const { kiosk } = useHost();
  const { commit } = useCommits();
  const named = useNames();
  const { choices, isOld, isError, retry } = useChoices(view.worker?.id ?? null);
  const own = view.kiosk?.stationId ?? null;
  const asOf = view.link.state === "online" ? null : view.provisions?.knownAsOf;
  const [asked, setAsked] = useState<{ station: Choice; list: Checklist } | null>(null);
  useScreenGuard(`stations/${asked?.station.id ?? ""}`);
  const choose = (station: Choice) =>
    void commit(`open/${station.id}`, async () => {
      // Where its lists can't be read the server says so, if it asks for one.
      const list = await kiosk.checklists(station.id).then(
        ({ start }) => start,
        () => null,
      );
      if (list) setAsked({ station, list });
      else await kiosk.open(station.id);
    });

  if (asked) {
    const { station, list } = asked;
    return (
      <div className="kiosk flex h-full flex-col">
        <TopBar view={view}>
          <bdi className="min-w-0 truncate text-2xl font-semibold">{`${station.code} · ${station.name}`}</bdi>
        </TopBar>
        <ChecklistPanel
          list={list}
          title={t("checklist.start")}
          submit={t("checklist.begin")}
          onSubmit={(answers) =>
            void commit(`open/${station.id}/${JSON.stringify(answers)}`, () => kiosk.open(station.id, answers)).then(
              (isOpen) => {
                if (!isOpen) setAsked(null);
              },
            )
          }
          onCancel={() => setAsked(null)}
        />
      </div>
    );
  }
  return (
    <div className="kiosk flex h-full flex-col">
      <TopBar view={view}>
        <span className="min-w-0 truncate text-2xl font-semibold">
          {t("stations.hello", { worker: named(view.worker?.name ?? "") })}
        </span>
      </TopBar>
      <main className="flex min-h-0 flex-1 flex-col gap-5 p-6 short:gap-3 short:py-4">
        <div className="flex items-end justify-between gap-4">
          <h1 className="text-4xl font-semibold tracking-tight short:text-3xl">{t("stations.title")}</h1>
          {(isOld || asOf) && choices && (
            <p className="text-muted" data-testid="stations-old">
              {asOf ? t("stations.asOf", { time: formatClock(asOf) }) : t("stations.updating")}
            </p>
          )}
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto">
          {choices ? (
            <div className="grid grid-cols-[repeat(auto-fill,minmax(280px,1fr))] gap-4 p-1">
              {inOrder(choices, own).map((station) => (
                <StationTile
                  key={station.id}
                  station={station}
                  own={station.id === own}
                  onPress={() => choose(station)}
                />
              ))}
            </div>
          ) : (
            <p className="text-xl text-muted">{isError ? t("problem.UNAVAILABLE") : t("app.loading")}</p>
          )}
          {choices?.length === 0 && <p className="text-xl text-muted">{t("stations.empty")}</p>}
          {isError && !choices && <Action onPress={retry}>{t("app.retry")}</Action>}
        </div>
        <Strip view={view} />
        <div className="flex justify-between">
          <Action onPress={() => void commit("signOut", () => kiosk.signOut())} testId="sign-out">
            {t("stations.signOut")}
          </Action>
        </div>
      </main>
    </div>
  );
}
