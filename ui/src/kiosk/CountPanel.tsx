/** Good and scrap on one screen, with the kiosk's own numpad; scrap asks why. */
import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { Quantities } from "../generated/Quantities";
import { Action } from "../parts/Action";
import { labelOf } from "../state/look";
import { PIECES_MAX } from "../state/trade";
import { Key, Numpad } from "./Numpad";
import { Panel } from "./Panel";
import { useKeys } from "./useKeys";
import { useReasons } from "./useStatuses";

/** As many digits as the most pieces of one count have. */
const DIGITS = String(PIECES_MAX).length;

type Which = "good" | "scrap";

/** Digits without leading zeros, and never more than one count takes. */
export function digits(typed: string): string {
  const kept = typed
    .replace(/\D/g, "")
    .replace(/^0+(?=\d)/, "")
    .slice(0, DIGITS);
  return kept === "" ? "" : String(Math.min(Number(kept), PIECES_MAX));
}

function Field({
  which,
  value,
  isActive,
  onPress,
}: {
  which: Which;
  value: string;
  isActive: boolean;
  onPress: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Button
      onPress={onPress}
      aria-pressed={isActive}
      data-testid={`count-${which}`}
      data-value={value}
      className={`flex min-h-[var(--target)] min-w-0 flex-col justify-center rounded-card border-3 px-5 py-1 text-start cursor-default ${isActive ? "border-ink bg-card" : "border-line bg-ground"}`}
    >
      <span className="text-xl text-muted">{t(`count.${which}`)}</span>
      <span className="figures text-5xl leading-tight font-semibold">
        {value === "" ? <span className="text-line">0</span> : value}
      </span>
    </Button>
  );
}

export function CountPanel({
  stationId,
  title,
  lead,
  submit,
  later,
  onSubmit,
  onLater,
  onCancel,
}: {
  stationId: string;
  title: string;
  lead?: string | undefined;
  submit: string;
  /** What the way past the count is called, where there is one. */
  later?: string | undefined;
  onSubmit: (quantities: Quantities) => void;
  onLater?: (() => void) | undefined;
  onCancel?: (() => void) | undefined;
}) {
  const { t, i18n } = useTranslation();
  const { data: reasons } = useReasons(stationId, "scrap");
  const [typed, setTyped] = useState<Record<Which, string>>({ good: "", scrap: "" });
  const [which, setWhich] = useState<Which>("good");
  const [reasonId, setReasonId] = useState<string | null>(null);
  const value = typed[which];
  const change = (next: string) => setTyped((now) => ({ ...now, [which]: digits(next) }));
  const add = (more: number) => change(String(Math.min(Number(value) + more, PIECES_MAX)));
  useKeys((read) => {
    if (read.kind === "key" && /^\d$/.test(read.character)) change(value + read.character);
    else if (read.kind === "backspace") change(value.slice(0, -1));
    else return false;
    return true;
  });

  const scrap = Number(typed.scrap);
  // Where no reasons are set up there is nothing to choose, and the rule is met by saying so.
  const isExplained = scrap === 0 || reasonId !== null || reasons?.length === 0;
  const isReady = (typed.good !== "" || typed.scrap !== "") && isExplained;
  const send = () => {
    if (!isReady) return;
    const why = reasonId === null ? { note: t("count.noReasonNote") } : { scrapReasonId: reasonId };
    onSubmit({ good: Number(typed.good), scrap, ...(scrap > 0 ? why : {}) });
  };
  return (
    <Panel
      title={title}
      lead={lead}
      testId="count-panel"
      onCancel={onCancel}
      actions={
        onLater && (
          <Action onPress={onLater} testId="count-later">
            {later}
          </Action>
        )
      }
    >
      <div className="grid min-h-0 flex-1 gap-6 short:gap-4 landscape:grid-cols-[1fr_minmax(340px,440px)]">
        <div className="flex min-h-0 flex-col gap-4 short:gap-2">
          <div className="grid grid-cols-2 gap-4">
            {(["good", "scrap"] as const).map((one) => (
              <Field key={one} which={one} value={typed[one]} isActive={which === one} onPress={() => setWhich(one)} />
            ))}
          </div>
          <div dir="ltr" className="grid grid-cols-2 gap-4">
            {[10, 50].map((more) => (
              <Action key={more} onPress={() => add(more)} testId={`count-plus-${more}`}>
                <span className="figures">+{more}</span>
              </Action>
            ))}
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto">
            {scrap > 0 && (
              <div className="flex flex-col gap-3" data-testid="scrap-reasons">
                <p className="text-xl font-medium short:text-lg">{t("count.why")}</p>
                <div className="grid grid-cols-2 gap-3 xl:grid-cols-3">
                  {reasons?.map(({ id, labels }) => (
                    <Button
                      key={id}
                      onPress={() => setReasonId(id)}
                      aria-pressed={reasonId === id}
                      data-testid={`scrap-reason-${id}`}
                      className={`min-h-[var(--target-second)] rounded-card border-3 px-3 py-1 text-xl leading-tight font-medium wrap-anywhere cursor-default data-[pressed]:bg-[#d3d8de] ${reasonId === id ? "border-ink bg-ink text-white" : "border-line bg-card"}`}
                    >
                      {labelOf(labels, i18n.language)}
                    </Button>
                  ))}
                </div>
                {!reasons && <p className="text-lg text-muted">{t("count.reasonsUnknown")}</p>}
              </div>
            )}
          </div>
          <Action kind="primary" size="large" onPress={send} isDisabled={!isReady} testId="count-submit">
            {submit}
          </Action>
        </div>
        <Numpad
          name="count"
          value={value}
          onChange={change}
          last={
            <Key testId="count-clear" label={t("count.clear")} onPress={() => change("")}>
              C
            </Key>
          }
        />
      </div>
    </Panel>
  );
}
