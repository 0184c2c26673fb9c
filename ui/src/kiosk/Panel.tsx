/** A question that takes the whole screen below the top bar, on a card over the state's colour: no dialog. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Action } from "../parts/Action";

export function Panel({
  title,
  lead,
  testId,
  onCancel,
  actions,
  children,
}: {
  title: string;
  lead?: string | undefined;
  testId: string;
  /** Absent where there is no way back. */
  onCancel?: (() => void) | undefined;
  /** Beside the way out. */
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <section
      className="appearing m-6 flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto rounded-card bg-card p-5 text-ink shadow-lg short:m-2 short:gap-2 short:p-3"
      data-testid={testId}
    >
      <div className="flex items-center justify-between gap-4">
        <div className="min-w-0">
          <h2 className="text-3xl leading-tight font-semibold short:text-2xl">{title}</h2>
          {lead !== undefined && <p className="text-xl text-muted short:text-lg">{lead}</p>}
        </div>
        <div className="flex shrink-0 gap-4">
          {actions}
          {onCancel && (
            <Action onPress={onCancel} testId="panel-cancel">
              {t("app.cancel")}
            </Action>
          )}
        </div>
      </div>
      {children}
    </section>
  );
}
