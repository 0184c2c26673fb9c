/** Clocks and durations, in figures that are never mirrored. */
import { formatClock } from "../state/clock";
import { useNow } from "./ticker";
import { useLiveDuration } from "./useLiveDuration";

export function LiveDuration({
  since,
  offset,
  className = "",
  testId,
}: {
  since: string;
  offset: number;
  className?: string;
  testId?: string;
}) {
  const text = useLiveDuration(since, offset);
  return (
    <time role="timer" aria-live="off" className={`figures ${className}`} data-testid={testId} data-since={since}>
      {text}
    </time>
  );
}

/** The time of day on the server's clock. */
export function WallClock({ offset = 0 }: { offset?: number }) {
  const now = useNow();
  return (
    <time className="figures" dir="ltr">
      {formatClock(now + offset)}
    </time>
  );
}
