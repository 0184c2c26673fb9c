/** Makes this device a kiosk. A failure says which of address and code was wrong. */
import { type FormEvent, useState } from "react";
import { Input, Label, Text, TextField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Code } from "../generated/Code";
import type { KioskView } from "../generated/KioskView";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { LanguageSwitch } from "../parts/LanguageSwitch";
import { codeOf, wordsFor } from "../parts/problems";
import { TopBar } from "./TopBar";

const INPUT = "h-20 w-full rounded-card border-2 border-line bg-card px-5 text-2xl data-[focused]:border-ink";

export function Enrol({ view }: { view: KioskView }) {
  const { t } = useTranslation();
  const { kind, kiosk, serverUrl: proposed } = useHost();
  const [serverUrl, setServerUrl] = useState(view.kiosk?.serverUrl ?? proposed);
  const [code, setCode] = useState("");
  const [error, setError] = useState<Code | null>(null);
  const [busy, setBusy] = useState(false);
  const needsServer = kind !== "browser";

  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (busy || code.trim() === "" || (needsServer && serverUrl.trim() === "")) return;
    setBusy(true);
    setError(null);
    try {
      await kiosk.enroll(serverUrl.trim(), code.trim());
    } catch (failure) {
      setError(codeOf(failure));
    } finally {
      setBusy(false);
    }
  };
  const complaint = () => {
    if (error === "UNAVAILABLE") return t("enrol.noServer");
    if (error === "UNAUTHENTICATED" || error === "FORBIDDEN" || error === "NOT_FOUND") return t("enrol.wrongCode");
    return error ? wordsFor(t, error) : null;
  };

  return (
    <div className="kiosk flex min-h-full flex-col">
      <TopBar view={view}>
        <LanguageSwitch touch />
      </TopBar>
      <main className="mx-auto flex w-full max-w-2xl flex-1 flex-col justify-center p-8 short:py-4">
        <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-7 short:gap-4">
          <h1 className="text-5xl font-semibold tracking-tight">{t("enrol.title")}</h1>
          <p className="text-xl text-muted">{view.link.state === "refused" ? t("enrol.refused") : t("enrol.lead")}</p>
          {needsServer && (
            <TextField value={serverUrl} onChange={setServerUrl} className="flex flex-col gap-2">
              <Label className="text-lg text-muted">{t("enrol.server")}</Label>
              <Input
                data-testid="enrol-server"
                dir="ltr"
                type="url"
                spellCheck={false}
                autoComplete="off"
                className={INPUT}
              />
              <Text slot="description" className="text-lg text-muted">
                {t("enrol.serverHint")}
              </Text>
            </TextField>
          )}
          <TextField value={code} onChange={setCode} className="flex flex-col gap-2">
            <Label className="text-lg text-muted">{t("enrol.code")}</Label>
            <Input
              data-testid="enrol-code"
              dir="ltr"
              spellCheck={false}
              autoComplete="off"
              className={`${INPUT} tracking-widest`}
            />
          </TextField>
          <p role="alert" data-testid="enrol-error" className="min-h-8 text-xl font-medium text-bad">
            {complaint()}
          </p>
          <Action kind="primary" size="large" type="submit" onPress={() => {}} isDisabled={busy} testId="enrol-submit">
            {t("enrol.submit")}
          </Action>
        </form>
      </main>
    </div>
  );
}
