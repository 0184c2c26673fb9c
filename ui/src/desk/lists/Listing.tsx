/** What every list of the desk looks like: a title, what stands against the last action, rows or a word in their place. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Action } from "../../parts/Action";
import { Against } from "../../parts/Against";
import type { Complaint } from "../../parts/problems";

interface Listed {
  readonly items: readonly unknown[];
  readonly isPending: boolean;
  readonly isError: boolean;
  readonly complaint: Complaint | null;
  /** Reads what follows; none where all is here. */
  readonly more?: (() => void) | null;
}

export function Listing({
  title,
  testId,
  list,
  children,
  head,
}: {
  title: string;
  testId: string;
  list: Listed;
  children: ReactNode;
  head?: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <section className="flex flex-col gap-3" data-testid={testId}>
      <h2 className="text-lg font-semibold">{title}</h2>
      {head}
      {list.complaint && (
        <p role="alert" className="text-bad" data-testid={`${testId}-complaint`}>
          <Against complaint={list.complaint} />
        </p>
      )}
      {list.isPending && <p className="text-muted">{t("app.loading")}</p>}
      {list.isError && <p className="text-bad">{t("problem.UNAVAILABLE")}</p>}
      {!list.isPending && !list.isError && list.items.length === 0 && <p className="text-muted">{t("lists.empty")}</p>}
      <ul className="flex flex-col gap-2">{children}</ul>
      {list.more && (
        <Action size="small" className="self-start" testId={`${testId}-more`} onPress={list.more}>
          {t("lists.more")}
        </Action>
      )}
    </section>
  );
}

/** A row: what it is at the start, what can be done at the end. */
export function Row({ testId, children, actions }: { testId: string; children: ReactNode; actions?: ReactNode }) {
  return (
    <li
      data-testid={testId}
      className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-card border border-line bg-card px-4 py-2"
    >
      <div className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-4 gap-y-1">{children}</div>
      <div className="flex flex-wrap gap-2">{actions}</div>
    </li>
  );
}

/** A short field in a form of a list. */
export function Entry({
  label,
  value,
  onChange,
  testId,
  type = "text",
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  testId: string;
  type?: "text" | "number" | "color" | "date" | "datetime-local";
}) {
  return (
    <label className="flex flex-col gap-1 text-sm text-muted">
      {label}
      <input
        data-testid={testId}
        type={type}
        value={value}
        dir="auto"
        {...(type === "datetime-local" ? { step: 1 } : {})}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 rounded-card border border-line bg-card px-2 text-base text-ink"
      />
    </label>
  );
}

/** One of a few, in a form of a list. */
export function Choice({
  label,
  value,
  onChange,
  options,
  testId,
  none = "…",
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: ReadonlyArray<{ id: string; words: string }>;
  testId: string;
  /** What choosing nothing is called; null where nothing is no choice. */
  none?: string | null;
}) {
  return (
    <label className="flex flex-col gap-1 text-sm text-muted">
      {label}
      <select
        data-testid={testId}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 max-w-80 rounded-card border border-line bg-card px-2 text-base text-ink"
      >
        {none !== null && <option value="">{none}</option>}
        {options.map(({ id, words }) => (
          <option key={id} value={id}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
