/** The worker's kiosk: draws the screen that the view asks for. All decisions are the engine's. */
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { KioskView } from "../generated/KioskView";
import type { Session } from "../generated/Session";
import type { SessionId } from "../generated/SessionId";
import { useHost, useKioskView } from "../host/context";
import { deviceLanguage, speak } from "../i18n";
import { CommitProvider, useCommits } from "./commit";
import { EndedScreen } from "./EndedScreen";
import { Enrol } from "./Enrol";
import { HandOver } from "./HandOver";
import { Provisional } from "./Provisional";
import { Resume } from "./Resume";
import { SignIn } from "./SignIn";
import { Stations } from "./Stations";
import { Summary } from "./Summary";
import { screenOf } from "./screen";
import { SIGN_IN_LASTS, useIdle } from "./useIdle";
import { useKeys } from "./useKeys";
import { useScreenGuard } from "./useScreenGuard";
import { Work } from "./Work";

/** The language is the worker's while he is here, else the device's. */
function useWorkerLanguage({ worker, session }: KioskView): void {
  const wanted = worker?.language;
  const isFree = worker === null && session === null;
  useEffect(() => {
    if (wanted !== undefined) speak(wanted);
    else if (isFree) speak(deviceLanguage());
  }, [wanted, isFree]);
}

/** The address follows a takeover, so that the lost tab can be told from the others. */
function useTransferredAddress(isTransferred: boolean): void {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  useEffect(() => {
    if (isTransferred && pathname !== "/session-transferred")
      void navigate({ to: "/session-transferred", replace: true });
    if (!isTransferred && pathname === "/session-transferred") void navigate({ to: "/kiosk", replace: true });
  }, [isTransferred, pathname, navigate]);
}

/**
 * Signs out whoever signed in and walked away. The server would do so, too, but a screen that keeps asking who
 * is where looks to it like somebody who is there.
 */
function useForgottenSignIn({ worker, session }: KioskView): void {
  const { kiosk } = useHost();
  const isForgotten = useIdle(SIGN_IN_LASTS);
  const isUnused = worker !== null && worker.id !== session?.session.workerId;
  useEffect(() => {
    // Should it fail, the next look at the stations says that the sign-in has ended.
    if (isForgotten && isUnused) kiosk.signOut().catch(() => {});
  }, [isForgotten, isUnused, kiosk]);
}

interface Finished {
  readonly session: Session;
  readonly at: number;
}

/** Notices that the session shown before was ended here, rather than lost. */
function useFinished(view: KioskView) {
  const [before, setBefore] = useState<Session | null>(null);
  const [finished, setFinished] = useState<Finished | null>(null);
  const abandoned = useRef(false);
  const now = view.session?.session ?? null;
  if (now !== before) {
    setBefore(now);
    if (now) setFinished(null);
    else if (before && !view.ended) setFinished({ session: before, at: Date.now() + view.serverOffsetMs });
  }
  const clear = useCallback(() => setFinished(null), []);
  const abandon = useCallback(() => {
    abandoned.current = true;
  }, []);
  useEffect(() => {
    // What was started by mistake needs no summary.
    if (finished && abandoned.current) {
      abandoned.current = false;
      setFinished(null);
    }
  }, [finished]);
  return { finished, clear, abandon };
}

function Screens() {
  const { t } = useTranslation();
  const view = useKioskView();
  const { kiosk } = useHost();
  const { commit, retract } = useCommits();
  const { finished, clear, abandon } = useFinished(view);
  const [wantsSignIn, setWantsSignIn] = useState(false);
  const [leaves, setLeaves] = useState<SessionId | null>(null);
  const screen = screenOf(view, { summary: finished?.session ?? null, wantsSignIn, leaves });
  const { session, worker, resumable, provisional, ended, lastAction } = view;

  useWorkerLanguage(view);
  useTransferredAddress(ended?.kind === "transferred");
  useForgottenSignIn(view);
  useScreenGuard(screen === "loading" ? null : screen);
  // What the server refused was not done: the same tap again is meant.
  const isRefused = lastAction?.state === "refused";
  useEffect(() => {
    if (isRefused) retract();
  }, [isRefused, retract]);
  // Whoever signed in: the wish is fulfilled.
  const workerId = worker?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of worker that ends the wish.
  useEffect(() => {
    setWantsSignIn(false);
    setLeaves(null);
  }, [workerId]);
  // Whoever asked to sign in has walked away: the state belongs on the screen.
  const idle = useIdle();
  useEffect(() => {
    if (idle) setWantsSignIn(false);
  }, [idle]);
  // A badge is read on every screen on which somebody could want to sign in.
  useKeys((read) => {
    if (read.kind !== "scan" || screen === "signIn" || screen === "enrol" || screen === "loading") return false;
    void commit(`signIn/${read.text}/`, () => kiosk.signIn(read.text));
    return true;
  });
  // A failed sign-out leaves the worker signed in; the stations are then shown, which is true.
  const ready = useCallback(() => void kiosk.signOut().then(clear, clear), [clear, kiosk]);

  switch (screen) {
    case "loading":
      return <p className="kiosk flex min-h-full items-center justify-center text-muted">{t("app.loading")}</p>;
    case "diskless":
      return (
        <p role="alert" className="kiosk mx-auto flex min-h-full max-w-2xl items-center p-8 text-center font-medium">
          {t("app.noStorage")}
        </p>
      );
    case "ended":
      return ended && <EndedScreen view={view} ended={ended} />;
    case "enrol":
      return <Enrol view={view} />;
    case "signIn":
      return <SignIn view={view} {...(session ? { onBack: () => setWantsSignIn(false) } : {})} />;
    case "resume":
      return resumable && <Resume view={view} resumable={resumable} />;
    case "provisional":
      return provisional && <Provisional view={view} session={provisional} onLater={() => setLeaves(provisional.id)} />;
    case "stations":
      return <Stations view={view} />;
    case "handOver":
      return session && worker && <HandOver view={view} session={session.session} next={worker} />;
    case "work":
      return (
        session && (
          <Work
            key={session.session.id}
            view={view}
            own={session}
            onOther={() => setWantsSignIn(true)}
            onAbandon={abandon}
          />
        )
      );
    case "summary":
      return (
        finished && (
          <Summary view={view} session={finished.session} endedAt={finished.at} onReady={ready} onAgain={clear} />
        )
      );
  }
}

export function KioskApp() {
  return (
    <CommitProvider>
      <Screens />
    </CommitProvider>
  );
}
