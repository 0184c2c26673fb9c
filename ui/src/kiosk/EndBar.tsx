/** The second tap of an end, in the place of the first. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Action } from "../parts/Action";

export function EndBar({
  station,
  onEnd,
  onAbandon,
  onCancel,
}: {
  station: string;
  onEnd: () => void;
  onAbandon: () => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const [mistake, setMistake] = useState(false);
  return (
    <div className="appearing flex items-center gap-4" data-testid="end-bar">
      <Action onPress={onCancel} testId="end-cancel">
        {t("app.cancel")}
      </Action>
      {!mistake && (
        <Action onPress={() => setMistake(true)} testId="abandon">
          {t("work.abandon")}
        </Action>
      )}
      <p className="min-w-0 flex-1 text-end text-xl leading-tight font-medium xl:text-2xl">
        {mistake ? t("work.confirmAbandon") : t("work.confirmEnd", { station })}
      </p>
      {mistake ? (
        <Action kind="bad" size="large" onPress={onAbandon} testId="abandon-confirm">
          {t("work.confirmAbandonYes")}
        </Action>
      ) : (
        <Action kind="primary" size="large" onPress={onEnd} testId="end-confirm" className="min-w-56">
          {t("work.confirmEndYes")}
        </Action>
      )}
    </div>
  );
}
