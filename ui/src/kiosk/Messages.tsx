/** What a supervisor wrote to this kiosk: stands on every screen until somebody confirms it. One at a time. */
import { MessageSquareText } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { KioskView } from "../generated/KioskView";
import { useHost } from "../host/context";
import { Action } from "../parts/Action";
import { formatClock } from "../state/clock";
import { useCommits } from "./commit";

export function Messages({ view }: { view: KioskView }) {
  const { t } = useTranslation();
  const { kiosk } = useHost();
  const { commit } = useCommits();
  const [message, ...rest] = view.messages;
  if (!message) return null;
  return (
    <section
      role="alert"
      data-testid="message"
      className="flex items-center gap-5 border-t border-line bg-[#e4edfb] px-6 py-2 text-xl text-ink"
    >
      <MessageSquareText size={32} aria-hidden className="shrink-0" />
      <div className="min-w-0 flex-1">
        <p className="text-2xl font-semibold" dir="auto">
          {message.text}
        </p>
        <p className="text-lg text-muted">
          {t("messages.from", { who: message.sentBy, time: formatClock(message.sentAt) })}
          {rest.length > 0 && ` · ${t("messages.more", { count: rest.length })}`}
        </p>
      </div>
      <Action
        kind="primary"
        testId="message-confirm"
        className="shrink-0"
        onPress={() => void commit(`message/${message.id}`, () => kiosk.confirmMessage(message.id))}
      >
        {t("messages.confirm")}
      </Action>
    </section>
  );
}
