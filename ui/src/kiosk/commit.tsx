/**
 * What commits goes through here: the same action twice within 3 s is one, a failure is said, and a strip
 * (never a dialog) tells "saved here" from "sent".
 */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import type { Code } from "../generated/Code";
import { codeOf } from "../parts/problems";
import { CommitGuard } from "../state/guard";

/** How long a strip stays (ms). */
const STAYS = 10_000;

export type StripState =
  /** An action of the outbox: what became of it is read from the view. */
  { kind: "action"; label: string; after: number } | { kind: "merged"; label: string } | { kind: "failed"; code: Code };

/** An entry of the outbox, as the strip tells of it. */
export interface EntryTold {
  readonly label: string;
  /** The latest entry before it: what the view says of that one is not said of this one. */
  readonly after: number;
}

interface Commits {
  /** Runs a committing action. `key` names it with its content; `entry` is told of it on the strip, if anything is. */
  commit(key: string, action: () => Promise<void>, entry?: EntryTold): Promise<boolean>;
  /** For who says what happens himself: whether this committing action goes through; `retract` where it failed. */
  admit(key: string): boolean;
  retract(): void;
  strip: StripState | null;
}

const CommitContext = createContext<Commits | null>(null);

export function CommitProvider({ children }: { children: ReactNode }) {
  const guard = useRef(new CommitGuard());
  const [strip, setStrip] = useState<StripState | null>(null);
  const admit = useCallback((key: string) => guard.current.admit(key, performance.now()), []);
  const retract = useCallback(() => guard.current.forget(), []);

  useEffect(() => {
    if (!strip) return;
    const timer = setTimeout(() => setStrip(null), STAYS);
    return () => clearTimeout(timer);
  }, [strip]);

  const commit = useCallback<Commits["commit"]>(
    async (key, action, entry) => {
      if (!admit(key)) {
        if (entry) setStrip({ kind: "merged", label: entry.label });
        return false;
      }
      try {
        await action();
        setStrip(entry ? { kind: "action", ...entry } : null);
        return true;
      } catch (error) {
        retract();
        setStrip({ kind: "failed", code: codeOf(error) });
        return false;
      }
    },
    [admit, retract],
  );

  const value = useMemo(() => ({ commit, admit, retract, strip }), [commit, admit, retract, strip]);
  return <CommitContext value={value}>{children}</CommitContext>;
}

export function useCommits(): Commits {
  const commits = useContext(CommitContext);
  if (!commits) throw new Error("A kiosk screen was drawn outside of CommitProvider.");
  return commits;
}
