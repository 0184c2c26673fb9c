/** A screen with one matter in its middle: resume, hand over, the end of a session. */
import type { ReactNode } from "react";
import type { KioskView } from "../generated/KioskView";
import { Strip } from "./Strip";
import { TopBar } from "./TopBar";

export function Card({
  view,
  title,
  sign,
  children,
  actions,
  testId,
  tint,
  tellsEntries = false,
}: {
  view: KioskView;
  title: string;
  sign: ReactNode;
  children: ReactNode;
  actions: ReactNode;
  testId: string;
  tint?: string;
  /** It says itself what became of entries. */
  tellsEntries?: boolean;
}) {
  return (
    <div className="kiosk flex min-h-full flex-col" data-testid={testId}>
      <TopBar view={view} tellsEntries={!tellsEntries}>
        <span className="min-w-0 truncate text-2xl font-semibold">{view.kiosk?.name}</span>
      </TopBar>
      <main className="mx-auto flex w-full max-w-4xl flex-1 flex-col justify-center gap-6 p-6 short:gap-4 short:py-4">
        <section className="overflow-hidden rounded-card border border-line bg-card">
          <div
            className={`flex items-center gap-5 px-8 py-7 short:py-4 ${tint === undefined ? "border-b border-line" : "text-white"}`}
            style={tint === undefined ? {} : { background: tint }}
          >
            {sign}
            <h1 className="text-4xl font-semibold tracking-tight">{title}</h1>
          </div>
          <div className="flex flex-col gap-4 px-8 py-7 text-2xl short:gap-3 short:py-4">{children}</div>
        </section>
        <div className="flex flex-wrap justify-end gap-5">{actions}</div>
        {!tellsEntries && <Strip view={view} />}
      </main>
    </div>
  );
}
