/** The kiosk's own numpad: the system's keyboard never opens. Digits are never merged, however quick. */
import { Delete } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { useTranslation } from "react-i18next";

const KEY =
  "flex min-h-[var(--target)] items-center justify-center rounded-card border border-line bg-card text-4xl font-medium cursor-default data-[pressed]:bg-[#d3d8de] data-[pressed]:scale-[0.98]";

export function Key({
  label,
  testId,
  onPress,
  children,
}: {
  label?: string;
  testId: string;
  onPress: () => void;
  children: ReactNode;
}) {
  return (
    <Button
      className={KEY}
      data-testid={testId}
      onPress={onPress}
      excludeFromTabOrder={false}
      {...(label === undefined ? {} : { "aria-label": label })}
    >
      {children}
    </Button>
  );
}

export function Numpad({
  value,
  onChange,
  last,
  name = "signin",
}: {
  value: string;
  onChange: (value: string) => void;
  last: ReactNode;
  /** What its keys are called in tests. */
  name?: string;
}) {
  const { t } = useTranslation();
  return (
    // A numpad is not mirrored: fingers know where the 7 is.
    <div dir="ltr" className="grid grid-cols-3 content-start gap-4 short:gap-3">
      {["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((digit) => (
        <Key key={digit} testId={`${name}-key-${digit}`} onPress={() => onChange(value + digit)}>
          {digit}
        </Key>
      ))}
      <Key testId={`${name}-delete`} label={t("signIn.delete")} onPress={() => onChange(value.slice(0, -1))}>
        <Delete size={38} aria-hidden />
      </Key>
      <Key testId={`${name}-key-0`} onPress={() => onChange(`${value}0`)}>
        0
      </Key>
      {last}
    </div>
  );
}
