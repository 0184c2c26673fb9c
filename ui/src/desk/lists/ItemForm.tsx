/** An item of a job: what is made, how many, and by which steps; the last one is terminal. */
import { Plus, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { JobItem } from "../../generated/JobItem";
import type { JobItemDraft } from "../../generated/JobItemDraft";
import type { Preset } from "../../generated/Preset";
import type { StationLive } from "../../generated/StationLive";
import type { StepDraft } from "../../generated/StepDraft";
import { Action } from "../../parts/Action";
import { Choice, Entry } from "./Listing";

export interface ItemTyped {
  readonly name: string;
  readonly planned: string;
  readonly presetId: string;
  readonly steps: readonly StepDraft[];
}

const NO_STEP: StepDraft = { stationId: "" };

export const BLANK_ITEM: ItemTyped = { name: "", planned: "100", presetId: "", steps: [NO_STEP] };

export function typedOf({ name, plannedQuantity, steps }: JobItem): ItemTyped {
  return {
    name,
    planned: String(plannedQuantity),
    presetId: "",
    steps: steps.map(({ id, stationId, plannedMsPerPiece, firstProductApproval }) => ({
      id,
      stationId,
      ...(plannedMsPerPiece === null ? {} : { plannedMsPerPiece }),
      firstProductApproval,
    })),
  };
}

export function draftOf({ name, planned, presetId, steps }: ItemTyped): JobItemDraft {
  const made = { name: name.trim(), plannedQuantity: Number(planned) };
  return presetId === "" ? { ...made, steps: [...steps] } : { ...made, presetId };
}

export function isReady({ name, planned, presetId, steps }: ItemTyped): boolean {
  const hasSteps = presetId !== "" || (steps.length > 0 && steps.every(({ stationId }) => stationId !== ""));
  return name.trim() !== "" && Number(planned) > 0 && hasSteps;
}

export function ItemForm({
  typed,
  stations,
  presets,
  isFrozen = false,
  onChange,
}: {
  typed: ItemTyped;
  stations: readonly StationLive[];
  presets: readonly Preset[];
  /** It was produced: its steps stay. */
  isFrozen?: boolean;
  onChange: (part: Partial<ItemTyped>) => void;
}) {
  const { t } = useTranslation();
  const places = stations.map(({ id, code, name }) => ({ id, words: `${code} · ${name}` }));
  const setStep = (at: number, part: Partial<StepDraft>) =>
    onChange({ steps: typed.steps.map((step, index) => (index === at ? { ...step, ...part } : step)) });
  return (
    <>
      <Entry label={t("lists.item")} value={typed.name} onChange={(name) => onChange({ name })} testId="job-item" />
      <Entry
        label={t("lists.planned")}
        type="number"
        value={typed.planned}
        onChange={(planned) => onChange({ planned })}
        testId="job-planned"
      />
      {!isFrozen && presets.length > 0 && (
        <Choice
          label={t("jobForm.preset")}
          value={typed.presetId}
          none={t("jobForm.noPreset")}
          options={presets.map(({ id, name }) => ({ id, words: name }))}
          onChange={(presetId) => onChange({ presetId })}
          testId="job-preset"
        />
      )}
      {!isFrozen &&
        typed.presetId === "" &&
        typed.steps.map((step, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step is where it stands, and has no name yet.
          <span key={at} className="flex items-end gap-2">
            <Choice
              label={typed.steps.length > 1 ? t("jobForm.step", { at: at + 1 }) : t("lists.station")}
              value={step.stationId}
              options={places}
              onChange={(stationId) => setStep(at, { stationId })}
              testId={at === 0 ? "job-station" : `job-station-${at}`}
            />
            <label className="flex h-9 items-center gap-1.5 text-sm">
              <input
                type="checkbox"
                data-testid={`job-approval-${at}`}
                checked={step.firstProductApproval ?? false}
                onChange={(event) => setStep(at, { firstProductApproval: event.target.checked })}
                className="size-4"
              />
              {t("jobForm.approval")}
            </label>
            {typed.steps.length > 1 && (
              <Action
                size="small"
                label={t("lists.remove")}
                testId={`job-step-remove-${at}`}
                onPress={() => onChange({ steps: typed.steps.filter((_, index) => index !== at) })}
              >
                <X size={16} aria-hidden />
              </Action>
            )}
          </span>
        ))}
      {!isFrozen && typed.presetId === "" && (
        <Action size="small" testId="job-step-add" onPress={() => onChange({ steps: [...typed.steps, NO_STEP] })}>
          <Plus size={16} aria-hidden />
          {t("jobForm.addStep")}
        </Action>
      )}
    </>
  );
}
