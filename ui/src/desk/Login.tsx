/** The supervisor signs in. */
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Input, Label, TextField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Code } from "../generated/Code";
import type { UserSelf } from "../generated/UserSelf";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { LanguageSwitch } from "../parts/LanguageSwitch";
import { Mark } from "../parts/Mark";
import { codeOf, wordsFor } from "../parts/problems";

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  testId: string;
  type?: string;
  autoComplete?: string;
  autoFocus?: boolean;
}

function Field({ label, value, onChange, testId, type = "text", autoComplete = "off", autoFocus = false }: FieldProps) {
  return (
    <TextField value={value} onChange={onChange} type={type} autoFocus={autoFocus} className="flex flex-col gap-1.5">
      <Label className="text-sm text-muted">{label}</Label>
      <Input
        data-testid={testId}
        autoComplete={autoComplete}
        spellCheck={false}
        dir="auto"
        className="h-11 rounded-card border border-line bg-card px-3 text-base data-[focused]:border-ink"
      />
    </TextField>
  );
}

export function Login({ onLogin }: { onLogin: (user: UserSelf) => void }) {
  const { t } = useTranslation();
  const { desk, kind, doors, serverUrl: proposed } = useHost();
  const [serverUrl, setServerUrl] = useState(proposed);
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<Code | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      onLogin(await desk.login(serverUrl.trim(), username.trim(), password));
    } catch (failure) {
      setError(codeOf(failure));
      setBusy(false);
    }
  };
  return (
    <main className="mx-auto flex min-h-full max-w-sm flex-col justify-center gap-6 p-6">
      <header className="flex items-center justify-between">
        {doors === "both" ? (
          <Link to="/" aria-label={t("app.home")}>
            <Mark size={36} />
          </Link>
        ) : (
          <Mark size={36} />
        )}
        <LanguageSwitch />
      </header>
      <form
        onSubmit={(event) => void submit(event)}
        className="flex flex-col gap-5 rounded-card border border-line bg-card p-7"
      >
        <div>
          <h1 className="text-2xl font-semibold tracking-tight">{t("desk.login")}</h1>
          <p className="mt-1 text-muted">{t("desk.loginLead")}</p>
        </div>
        {kind === "desktop" && (
          <Field label={t("desk.server")} value={serverUrl} onChange={setServerUrl} testId="desk-server" />
        )}
        <Field
          label={t("desk.username")}
          value={username}
          onChange={setUsername}
          testId="desk-username"
          autoComplete="username"
          autoFocus
        />
        <Field
          label={t("desk.password")}
          value={password}
          onChange={setPassword}
          testId="desk-password"
          type="password"
          autoComplete="current-password"
        />
        <p role="alert" data-testid="desk-error" className="min-h-6 text-sm font-medium text-bad">
          {error && (error === "UNAUTHENTICATED" ? t("desk.wrong") : wordsFor(t, error))}
        </p>
        <Action
          kind="primary"
          type="submit"
          onPress={() => {}}
          isDisabled={busy}
          testId="desk-submit"
          className="min-h-11! text-base!"
        >
          {t("desk.submit")}
        </Action>
      </form>
    </main>
  );
}
