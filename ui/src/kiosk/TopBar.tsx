/** The zone that never moves: where this is, how it stands with the server, what waits to be sent. */
import { Check, CloudOff, HardDrive, LoaderCircle, Save, ShieldAlert, Wifi } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { KioskView } from "../generated/KioskView";
import type { LinkState } from "../generated/LinkState";
import { wordsFor } from "../parts/problems";
import { WallClock } from "../parts/Time";
import { formatClock } from "../state/clock";
import { Messages } from "./Messages";
import { UnsaidBar } from "./Unsaid";

const LINK_SIGNS = { online: Wifi, connecting: LoaderCircle, offline: CloudOff, refused: ShieldAlert } as const;

function linkLook(state: LinkState): string {
  return state === "offline" || state === "refused" ? "hatched border-ink text-ink" : "border-transparent text-muted";
}

function LinkSign({ view }: { view: KioskView }) {
  const { t } = useTranslation();
  const { state, since } = view.link;
  const Icon = LINK_SIGNS[state];
  const words =
    state === "offline"
      ? t("link.offlineSince", { time: formatClock(Date.parse(since) + view.serverOffsetMs) })
      : t(`link.${state}`);
  return (
    <span
      role="status"
      data-testid="link-state"
      data-state={state}
      className={`inline-flex items-center gap-2.5 rounded-card border px-3 py-0.5 font-medium ${linkLook(state)}`}
    >
      <Icon size={24} aria-hidden />
      {words}
    </span>
  );
}

function Waiting({ view }: { view: KioskView }) {
  const { t } = useTranslation();
  const Icon = view.waiting > 0 ? Save : Check;
  return (
    <span
      role="status"
      data-testid="waiting"
      data-count={view.waiting}
      className={`inline-flex items-center gap-2 px-3 ${view.waiting > 0 ? "font-semibold text-ink" : "text-muted"}`}
    >
      <Icon size={22} aria-hidden />
      {view.waiting > 0 ? t("link.waiting", { count: view.waiting }) : t("link.sentAll")}
    </span>
  );
}

/** What was begun without the server, and is so for as long as the session or the sign-in lasts. */
function Alone({ view }: { view: KioskView }) {
  const { t } = useTranslation();
  const isOpenedSo = view.session !== null && (view.session.unsent || view.session.session.startedOffline);
  if (!isOpenedSo && !view.unverified) return null;
  return (
    <span
      data-testid={isOpenedSo ? "started-offline" : "unverified"}
      className="rounded-card border border-ink px-2.5 py-0.5 text-base font-medium whitespace-nowrap"
    >
      {isOpenedSo ? t("link.startedOffline") : t("link.unverified")}
    </span>
  );
}

export function TopBar({
  view,
  children,
  tellsEntries = true,
}: {
  view: KioskView;
  children?: ReactNode;
  /** Whether it says what became of entries; a screen that does so itself says no. */
  tellsEntries?: boolean;
}) {
  const { t } = useTranslation();
  return (
    <header className="z-10 border-b border-line bg-card">
      <div className="flex min-h-20 flex-wrap items-center justify-between gap-x-8 gap-y-2 px-6 py-2 landscape:flex-nowrap">
        <div className="flex min-w-0 flex-wrap items-center gap-x-8 gap-y-1 landscape:flex-nowrap">
          {children}
          <Alone view={view} />
        </div>
        <div className="ms-auto flex shrink-0 items-center justify-end gap-x-6 text-lg">
          {/* Above each other: however long they get, the zones below stay where they are. */}
          <span className="flex flex-col items-end gap-y-0.5">
            {view.kiosk && <Waiting view={view} />}
            <LinkSign view={view} />
          </span>
          <span className="text-2xl font-medium">
            <WallClock offset={view.serverOffsetMs} />
          </span>
        </div>
      </div>
      {view.disk && (
        <p
          role="alert"
          className="flex items-center gap-3 border-t border-line bg-bad px-6 py-2 text-xl font-semibold text-white"
          data-testid="disk"
        >
          <HardDrive size={26} aria-hidden className="shrink-0" />
          {wordsFor(t, view.disk.code)}
        </p>
      )}
      {view.hold && (
        <p role="alert" className="border-t border-line bg-[#fff4d6] px-6 py-2 font-medium" data-testid="hold">
          {t("link.hold", { why: wordsFor(t, view.hold.code) })}
        </p>
      )}
      <Messages view={view} />
      {tellsEntries && <UnsaidBar view={view} />}
    </header>
  );
}
