/** Ready: a badge or a number, then a PIN where the server does not take the number alone. */
import { useQuery } from "@tanstack/react-query";
import { ArrowRight, IdCard } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { KioskView } from "../generated/KioskView";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { LanguageSwitch } from "../parts/LanguageSwitch";
import { codeOf, wordsFor } from "../parts/problems";
import { formatClock } from "../state/clock";
import { useCommits } from "./commit";
import { Numpad } from "./Numpad";
import { TopBar } from "./TopBar";
import { useKeys } from "./useKeys";

/** No number or PIN is longer. */
const LONGEST = 16;

function useSignIn() {
  const { kiosk } = useHost();
  const [step, setStep] = useState<{ step: "code" } | { step: "pin"; workerCode: string }>({ step: "code" });
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<ReturnType<typeof codeOf> | null>(null);
  const [busy, setBusy] = useState(false);
  const { admit, retract } = useCommits();

  const change = (value: string) => {
    setTyped(value.slice(0, LONGEST));
    setError(null);
  };
  const startOver = () => {
    setStep({ step: "code" });
    change("");
  };
  const send = async (workerCode: string, pin?: string) => {
    if (busy || !admit(`signIn/${workerCode}/${pin ?? ""}`)) return;
    setBusy(true);
    setError(null);
    try {
      await kiosk.signIn(workerCode, pin);
    } catch (failure) {
      retract();
      const code = codeOf(failure);
      // One answer for an unknown number and a wrong PIN: so after it a PIN is always asked for.
      if (code === "UNAUTHENTICATED") setStep({ step: "pin", workerCode });
      if (code !== "UNAUTHENTICATED" || pin !== undefined) setError(code);
      setTyped("");
    } finally {
      setBusy(false);
    }
  };
  const submit = () => {
    if (typed === "") return;
    void (step.step === "code" ? send(typed) : send(step.workerCode, typed));
  };
  const scan = (text: string) => {
    setStep({ step: "code" });
    void send(text);
  };
  return { step, typed, error, busy, change, startOver, submit, scan };
}

/** What signing in is like without the server. */
function Away({ view }: { view: KioskView }) {
  const { t } = useTranslation();
  const { kiosk } = useHost();
  const { data: isKept } = useQuery({ queryKey: ["kept"], queryFn: () => kiosk.isKept(), staleTime: 60_000 });
  const { provisions } = view;
  if (view.link.state !== "offline") {
    return isKept === false ? <p className="text-base text-muted">{t("signIn.notKept")}</p> : null;
  }
  if (!provisions?.offlineStart) return <p className="text-muted">{t("signIn.offline")}</p>;
  return (
    <p className="text-muted" data-testid="signin-alone">
      {t("signIn.alone", { time: formatClock(provisions.knownAsOf) })}
    </p>
  );
}

export function SignIn({ view, onBack }: { view: KioskView; onBack?: () => void }) {
  const { t } = useTranslation();
  const { step, typed, error, busy, change, startOver, submit, scan } = useSignIn();
  const isPin = step.step === "pin";
  const running = view.session?.session;

  useKeys((read) => {
    if (read.kind === "key") change(typed + read.character);
    else if (read.kind === "backspace") change(typed.slice(0, -1));
    else if (read.kind === "enter") submit();
    else if (read.kind === "scan") scan(read.text);
    return true;
  });

  return (
    <div className="kiosk flex min-h-full flex-col">
      <TopBar view={view}>
        <span className="min-w-0 truncate text-2xl font-semibold">{view.kiosk?.name}</span>
        <LanguageSwitch touch />
      </TopBar>
      <main className="mx-auto grid w-full max-w-6xl flex-1 content-center items-center gap-10 p-8 short:gap-x-8 short:py-4 landscape:grid-cols-[1fr_minmax(400px,480px)]">
        <section className="flex flex-col gap-5 short:gap-3">
          {running && (
            <p className="rounded-card border border-line bg-card px-6 py-3 font-medium short:py-2">
              {t("signIn.running", { worker: running.workerName })}
            </p>
          )}
          <IdCard size={88} strokeWidth={1.2} aria-hidden className="text-muted short:hidden" />
          <h1 className="text-6xl font-semibold tracking-tight short:text-4xl">{t("signIn.title")}</h1>
          <p className="text-2xl text-muted short:text-xl">{isPin ? t("signIn.pinLead") : t("signIn.lead")}</p>
          <label className="flex flex-col gap-2">
            <span className="text-lg text-muted">{isPin ? t("signIn.pin") : t("signIn.code")}</span>
            <input
              // Read-only: keys come by their place on the keyboard, and no system keyboard opens.
              readOnly
              inputMode="none"
              data-testid="signin-code"
              data-step={step.step}
              type={isPin ? "password" : "text"}
              value={typed}
              className="figures h-24 short:h-20 w-full rounded-card border-2 border-ink bg-card px-6 text-5xl font-medium tracking-widest"
            />
          </label>
          <div className="min-h-16 text-xl short:min-h-8" aria-live="polite">
            {error ? (
              <p role="alert" data-testid="signin-error" className="font-medium text-bad">
                {error === "UNAUTHENTICATED" ? t("signIn.wrong") : wordsFor(t, error)}
              </p>
            ) : (
              <Away view={view} />
            )}
          </div>
          <div className="flex gap-4">
            {isPin && <Action onPress={startOver}>{t("signIn.startOver")}</Action>}
            {onBack && (
              <Action onPress={onBack} testId="signin-back">
                {t("signIn.toWork")}
              </Action>
            )}
          </div>
        </section>
        <Numpad
          value={typed}
          onChange={change}
          last={
            <Action
              kind="primary"
              size="large"
              onPress={submit}
              isDisabled={busy || typed === ""}
              testId="signin-submit"
              label={t("signIn.submit")}
            >
              <ArrowRight size={40} aria-hidden />
            </Action>
          }
        />
      </main>
    </div>
  );
}
