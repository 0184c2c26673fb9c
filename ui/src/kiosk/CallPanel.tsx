/** A call that is out: who has seen it, and the way to take it back. */
import { BellRing, Eye } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Call } from "../generated/Call";
import { Action } from "../parts/Action";
import { formatClock } from "../state/clock";
import { Panel } from "./Panel";

export function CallPanel({
  call,
  onTakeBack,
  onClose,
}: {
  /** Absent while it is saved here and not yet sent. */
  call: Call | null;
  onTakeBack: (call: Call) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const Icon = call?.state === "seen" ? Eye : BellRing;
  return (
    <Panel title={t("call.title")} testId="call-panel" onCancel={onClose}>
      <p
        className="flex items-center gap-4 text-3xl font-medium"
        data-testid="call-state"
        data-state={call?.state ?? "saved"}
      >
        <Icon size={48} aria-hidden className="shrink-0" />
        {!call && t("call.saved")}
        {call?.state === "open" && t("call.open", { time: formatClock(call.madeAt) })}
        {call?.state === "seen" &&
          t("call.seen", { who: call.seenBy ?? "", time: formatClock(call.seenAt ?? call.madeAt) })}
      </p>
      {call && (
        <div>
          <Action size="large" onPress={() => onTakeBack(call)} testId="call-cancel">
            {t("call.cancel")}
          </Action>
        </div>
      )}
    </Panel>
  );
}
