/** The one button. Pressed looks come with the press, not after the answer. */
import type { ReactNode } from "react";
import { Button } from "react-aria-components";

const KINDS = {
  primary: "bg-ink text-white data-[pressed]:bg-black data-[hovered]:bg-[#2c3947]",
  quiet: "bg-card text-ink border border-line data-[pressed]:bg-[#dde2e8] data-[hovered]:bg-[#f6f7f9]",
  bad: "bg-card text-bad border border-bad/50 data-[pressed]:bg-[#f7dedb] data-[hovered]:bg-[#fdf3f2]",
} as const;

const SIZES = {
  /** A gloved finger, primary. */
  large: "min-h-[var(--target)] px-7 text-2xl font-semibold",
  /** A gloved finger, secondary. */
  medium: "min-h-[var(--target-second)] px-6 text-xl font-medium",
  /** A mouse. */
  small: "min-h-9 px-3 text-sm font-medium",
} as const;

export interface ActionProps {
  children: ReactNode;
  onPress: () => void;
  kind?: keyof typeof KINDS;
  size?: keyof typeof SIZES;
  isDisabled?: boolean;
  label?: string;
  className?: string;
  testId?: string;
  type?: "button" | "submit";
}

export function Action({
  children,
  onPress,
  kind = "quiet",
  size = "medium",
  isDisabled = false,
  label,
  className = "",
  testId,
  type = "button",
}: ActionProps) {
  return (
    <Button
      type={type}
      onPress={onPress}
      isDisabled={isDisabled}
      {...(label === undefined ? {} : { "aria-label": label })}
      data-testid={testId}
      className={`inline-flex items-center justify-center gap-3 rounded-card cursor-default transition-transform data-[pressed]:scale-[0.98] data-[disabled]:opacity-40 ${KINDS[kind]} ${SIZES[size]} ${className}`}
    >
      {children}
    </Button>
  );
}
