/** A station's checklist, answered by touch: ticks, numbers, words. */
import { Square, SquareCheck } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Checklist } from "../generated/Checklist";
import type { ChecklistAnswers } from "../generated/ChecklistAnswers";
import type { ChecklistItem } from "../generated/ChecklistItem";
import type { ChecklistValue } from "../generated/ChecklistValue";
import { Action } from "../parts/Action";
import { labelOf } from "../state/look";
import { missingOf } from "../state/trade";
import { Letters } from "./Letters";
import { Key, Numpad } from "./Numpad";
import { Panel } from "./Panel";
import { useKeys } from "./useKeys";

/** The longest answer in words, in characters. */
const LONGEST = 500;

/** A number as it is typed: digits, one point, a minus in front. */
export function numeric(typed: string): string {
  const sign = typed.startsWith("-") ? "-" : "";
  const [whole = "", ...rest] = typed.replace(/[^\d.]/g, "").split(".");
  return `${sign}${whole}${rest.length > 0 ? `.${rest.join("")}` : ""}`.slice(0, 12);
}

function answerOf(item: ChecklistItem, typed: string | undefined): ChecklistValue | null {
  if (typed === undefined || typed === "") return null;
  if (item.kind === "check") return typed === "yes";
  if (item.kind === "text") return typed;
  const number = Number(typed);
  return Number.isFinite(number) && /\d/.test(typed) ? number : null;
}

export function answersOf(list: Checklist, typed: Readonly<Record<string, string>>): ChecklistAnswers {
  const answers = list.items.flatMap((item) => {
    const value = answerOf(item, typed[item.id]);
    return value === null ? [] : [{ itemId: item.id, value }];
  });
  return { checklistId: list.id, version: list.version, answers };
}

export function ChecklistPanel({
  list,
  title,
  submit,
  onSubmit,
  onCancel,
}: {
  list: Checklist;
  title: string;
  submit: string;
  onSubmit: (answers: ChecklistAnswers) => void;
  onCancel: () => void;
}) {
  const { t, i18n } = useTranslation();
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [active, setActive] = useState<string | null>(null);
  const field = list.items.find(({ id }) => id === active);
  const put = (id: string, value: string) => setTyped((now) => ({ ...now, [id]: value }));
  const write = (value: string) => {
    if (field) put(field.id, field.kind === "number" ? numeric(value) : value.slice(0, LONGEST));
  };
  const value = (field && typed[field.id]) ?? "";
  useKeys((read) => {
    if (!field) return false;
    if (read.kind === "key") write(value + read.character);
    else if (read.kind === "backspace") write(value.slice(0, -1));
    else return false;
    return true;
  });
  const answers = answersOf(list, typed);
  const missing = missingOf(list, answers.answers);
  return (
    <Panel title={title} lead={t("checklist.lead")} testId="checklist" onCancel={onCancel}>
      <div className={`grid min-h-0 flex-1 gap-5 ${field?.kind === "number" ? "landscape:grid-cols-[1fr_360px]" : ""}`}>
        <ul className="flex min-h-0 flex-col gap-3 overflow-y-auto overscroll-contain">
          {list.items.map((item) => {
            const answer = typed[item.id] ?? "";
            const isTick = item.kind === "check";
            const isSet = answer === "yes";
            return (
              <li key={item.id}>
                <Button
                  onPress={() => {
                    if (isTick) put(item.id, isSet ? "" : "yes");
                    setActive(isTick ? null : item.id);
                  }}
                  {...(isTick ? { "aria-pressed": isSet } : {})}
                  data-testid={`check-${item.id}`}
                  data-value={answer}
                  className={`flex min-h-[var(--target-second)] w-full items-center gap-4 rounded-card border-2 px-5 py-2 text-start text-2xl cursor-default data-[pressed]:bg-[#dde2e8] ${active === item.id || isSet ? "border-ink" : "border-line"}`}
                >
                  {isTick &&
                    (isSet ? (
                      <SquareCheck size={40} aria-hidden />
                    ) : (
                      <Square size={40} aria-hidden className="text-muted" />
                    ))}
                  <span className="min-w-0 flex-1 leading-tight">
                    {labelOf(item.labels, i18n.language, item.id)}
                    {!item.required && <span className="text-lg text-muted"> · {t("checklist.optional")}</span>}
                  </span>
                  {!isTick && (
                    <bdi className="figures min-w-40 rounded-card bg-ground px-4 py-2 text-end font-semibold">
                      {answer === "" ? "–" : answer}
                    </bdi>
                  )}
                </Button>
              </li>
            );
          })}
        </ul>
        {field?.kind === "number" && (
          <Numpad
            name="check"
            value={value}
            onChange={write}
            last={
              <Key testId="check-point" label="." onPress={() => write(`${value}.`)}>
                .
              </Key>
            }
          />
        )}
      </div>
      {field?.kind === "text" && <Letters value={value} onChange={write} />}
      <div className="flex items-center justify-end gap-5">
        {missing.length > 0 && (
          <p className="text-xl text-muted">{t("checklist.missing", { count: missing.length })}</p>
        )}
        <Action
          kind="primary"
          size="large"
          isDisabled={missing.length > 0}
          onPress={() => onSubmit(answers)}
          testId="checklist-submit"
          className="min-w-56"
        >
          {submit}
        </Action>
      </div>
    </Panel>
  );
}
