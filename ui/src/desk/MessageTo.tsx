/** A message to the kiosk of a session's station, and whether the last one was shown and confirmed there. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../generated/Message";
import type { Session } from "../generated/Session";
import { Action } from "../parts/Action";
import { Against } from "../parts/Against";
import { useTopic } from "../parts/useTopic";
import { formatClock } from "../state/clock";
import { stations } from "../state/topics";
import { Entry } from "./lists/Listing";
import { useList } from "./lists/useList";

function Told({ message }: { message: Message }) {
  const { t } = useTranslation();
  const words = () => {
    if (message.confirmedAt) return t("messages.confirmed", { time: formatClock(message.confirmedAt) });
    if (message.shownAt) return t("messages.shown", { time: formatClock(message.shownAt) });
    return t("messages.notShown");
  };
  return (
    <p className="text-sm text-muted" data-testid="message-told">
      <bdi>{message.text}</bdi> · {words()}
    </p>
  );
}

function To({ kioskId, news }: { kioskId: string; news: unknown }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const { items, complaint, act } = useList<Message>(
    `/api/admin/messages?kioskId=${encodeURIComponent(kioskId)}&limit=100`,
    news,
  );
  const latest = [...items].sort((a, b) => Number(a.sentAt < b.sentAt) - Number(a.sentAt > b.sentAt))[0];
  const send = async () => {
    const path = `/api/admin/kiosks/${encodeURIComponent(kioskId)}/messages`;
    if (await act({ method: "POST", path, body: { text: text.trim() } })) setText("");
  };
  return (
    <section className="flex flex-col gap-2" data-testid="message-to">
      <div className="flex items-end gap-2">
        <Entry label={t("messages.to")} value={text} onChange={setText} testId="message-text" />
        <Action size="small" testId="message-send" isDisabled={text.trim() === ""} onPress={() => void send()}>
          {t("messages.send")}
        </Action>
      </div>
      {complaint && (
        <p role="alert" className="text-sm text-bad">
          <Against complaint={complaint} />
        </p>
      )}
      {latest && <Told message={latest} />}
    </section>
  );
}

export function MessageTo({ session }: { session: Session }) {
  const { rows } = useTopic(stations);
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const kiosk = rows.get(session.stationId)?.kiosk;
  // A session may run at a kiosk that stands elsewhere; only that of its station is known here.
  if (!kiosk || session.endedAt !== null) return null;
  if (isOpen) return <To kioskId={kiosk.id} news={session} />;
  return (
    <Action size="small" className="self-start" testId="message-open" onPress={() => setIsOpen(true)}>
      {t("messages.to")}
    </Action>
  );
}
