/** A job as it is made or changed: its number, for whom, until when, and what it is about. */
import { useTranslation } from "react-i18next";
import type { Job } from "../../generated/Job";
import type { JobDraft } from "../../generated/JobDraft";
import { Entry } from "./Listing";

type JobTyped = Required<JobDraft>;

export const BLANK_JOB: JobTyped = { number: "", customer: "", dueOn: "", description: "" };

export function typedOfJob({ number, customer, dueOn, description }: Job): JobTyped {
  return { number, customer: customer ?? "", dueOn: dueOn ?? "", description: description ?? "" };
}

/** What is not said is left out. */
export function draftOfJob({ number, ...rest }: JobTyped): JobDraft {
  const said = Object.entries(rest).flatMap(([name, words]) => (words.trim() ? [[name, words.trim()]] : []));
  return { number: number.trim(), ...Object.fromEntries(said) };
}

export function JobForm({ typed, onChange }: { typed: JobTyped; onChange: (part: Partial<JobTyped>) => void }) {
  const { t } = useTranslation();
  const field = (name: keyof JobTyped) => ({
    value: typed[name],
    onChange: (text: string) => onChange({ [name]: text }),
  });
  return (
    <>
      <Entry label={t("lists.number")} {...field("number")} testId="job-number" />
      <Entry label={t("jobForm.customer")} {...field("customer")} testId="job-customer" />
      <Entry label={t("jobForm.due")} type="date" {...field("dueOn")} testId="job-due" />
      <Entry label={t("jobForm.about")} {...field("description")} testId="job-about" />
    </>
  );
}
