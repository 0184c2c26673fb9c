/** An entry as it should have been: its time, counts, status, item and note, where it has them. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Job } from "../../generated/Job";
import type { ManagedStatus } from "../../generated/ManagedStatus";
import { Action } from "../../parts/Action";
import { fromLocal, toLocal } from "../../state/localTime";
import { labelOf } from "../../state/look";
import { edited, type Field, fieldsOf, valueAt } from "../../state/quarantine";
import { Choice, Entry } from "./Listing";

export interface Known {
  readonly statuses: readonly ManagedStatus[];
  readonly jobs: readonly Job[];
}

const isTime = ({ name }: Field) => name === "at" || name === "endedAt";
const isNumber = ({ name }: Field) => name === "good" || name === "scrap";

/** As it is typed. */
function textOf(body: unknown, field: Field): string {
  const value = valueAt(body, field.at);
  if (value === undefined || value === null) return "";
  return isTime(field) ? toLocal(String(value)) : String(value);
}

/** As it is sent. */
function sentOf(field: Field, text: string): unknown {
  if (isTime(field)) return fromLocal(text) ?? "";
  return isNumber(field) && text !== "" ? Number(text) : text;
}

function itemOf(jobs: readonly Job[], stepId: string): string | undefined {
  return jobs.flatMap(({ items }) => items).find(({ steps }) => steps.some(({ id }) => id === stepId))?.id;
}

export function EntryEdit({
  body,
  known,
  onDone,
  onCancel,
}: {
  body: unknown;
  known: Known;
  /** The whole body, to be accepted instead. */
  onDone: (body: unknown) => void;
  onCancel: () => void;
}) {
  const { t, i18n } = useTranslation();
  const fields = fieldsOf(body);
  const [texts, setTexts] = useState(() => fields.map((field) => textOf(body, field)));
  const set = (at: number, text: string) => setTexts((now) => now.map((old, index) => (index === at ? text : old)));
  const done = () => {
    const changes = fields.flatMap((field, at) => {
      const text = texts[at] ?? "";
      if (text === textOf(body, field)) return [];
      const change = { at: field.at, value: sentOf(field, text) };
      // A step belongs to one item: both change together.
      return field.name === "item" ? [change, { at: ["jobItemId"], value: itemOf(known.jobs, text) }] : [change];
    });
    onDone(edited(body, changes));
  };
  const steps = known.jobs.flatMap((job) =>
    job.items.flatMap((item) =>
      item.steps.map(({ id, stationCode }) => ({ id, words: `${job.number} · ${item.name} · ${stationCode}` })),
    ),
  );
  return (
    <div className="flex basis-full flex-wrap items-end gap-3 rounded-card bg-ground p-3" data-testid="entry-edit">
      {fields.map((field, at) => {
        const shared = {
          label: t(`quarantine.field.${field.name}`),
          value: texts[at] ?? "",
          onChange: (text: string) => set(at, text),
          testId: `edit-${field.name}`,
        };
        const key = field.at.join(".");
        if (field.name === "status") {
          const options = known.statuses.map(({ id, labels, key: name }) => ({
            id,
            words: labelOf(labels, i18n.language, name),
          }));
          return <Choice key={key} {...shared} options={options} />;
        }
        if (field.name === "item") return <Choice key={key} {...shared} options={steps} />;
        const type = isTime(field) ? "datetime-local" : isNumber(field) ? "number" : "text";
        return <Entry key={key} {...shared} type={type} />;
      })}
      <Action size="small" kind="primary" testId="edit-done" onPress={done}>
        {t("quarantine.acceptEdited")}
      </Action>
      <Action size="small" onPress={onCancel}>
        {t("lists.cancel")}
      </Action>
    </div>
  );
}
