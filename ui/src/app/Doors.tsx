/** The two doors of a browser: the worker's kiosk and the supervisor's desk. */
import { Link } from "@tanstack/react-router";
import { LayoutGrid, MonitorSmartphone } from "lucide-react";
import { useTranslation } from "react-i18next";
import { LanguageSwitch } from "../parts/LanguageSwitch";
import { Mark } from "../parts/Mark";

const DOOR =
  "group flex flex-col items-start gap-4 rounded-card border border-line bg-card p-8 text-start hover:border-ink active:bg-[#dde2e8]";

export function Doors() {
  const { t } = useTranslation();
  return (
    <main className="mx-auto flex min-h-full max-w-4xl flex-col justify-center gap-10 p-6">
      <header className="flex items-center justify-between gap-4">
        <h1 className="flex items-center gap-3 text-3xl font-semibold tracking-tight">
          <Mark size={40} />
          {t("app.title")}
        </h1>
        <LanguageSwitch />
      </header>
      <p className="text-xl text-muted">{t("doors.lead")}</p>
      <nav className="grid gap-5 sm:grid-cols-2">
        <Link to="/kiosk" className={DOOR} data-testid="door-kiosk">
          <MonitorSmartphone size={44} strokeWidth={1.6} aria-hidden />
          <span className="text-2xl font-semibold">{t("doors.kiosk")}</span>
          <span className="text-muted">{t("doors.kioskHint")}</span>
        </Link>
        <Link to="/desk" className={DOOR} data-testid="door-desk">
          <LayoutGrid size={44} strokeWidth={1.6} aria-hidden />
          <span className="text-2xl font-semibold">{t("doors.desk")}</span>
          <span className="text-muted">{t("doors.deskHint")}</span>
        </Link>
      </nav>
    </main>
  );
}
