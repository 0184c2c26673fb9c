/** The supervisor's desk: a login, then the floor. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { DeskPlaces } from "./DeskPlaces";
import { Login } from "./Login";

const ME = ["desk", "me"];

export function DeskApp() {
  const { t } = useTranslation();
  const { desk } = useHost();
  const queries = useQueryClient();
  const { data: me, isPending, isError, refetch } = useQuery({ queryKey: ME, queryFn: () => desk.me() });
  const refresh = useCallback(() => queries.invalidateQueries({ queryKey: ME }), [queries]);

  if (isPending) return <p className="flex min-h-full items-center justify-center text-muted">{t("app.loading")}</p>;
  if (isError) {
    return (
      <main className="flex min-h-full flex-col items-center justify-center gap-5" role="alert">
        <p className="text-lg">{t("problem.UNAVAILABLE")}</p>
        <Action size="small" kind="primary" onPress={() => void refetch()}>
          {t("app.retry")}
        </Action>
      </main>
    );
  }
  if (!me) return <Login onLogin={(user) => queries.setQueryData(ME, user)} />;
  return <DeskPlaces me={me} onLogout={() => void desk.logout().finally(refresh)} onRevoked={() => void refresh()} />;
}
