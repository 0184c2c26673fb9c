/** A change that a supervisor asks for, and what stands against the last one. What follows from it, streams tell. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useHost } from "../../host/context";
import type { AdminRequest } from "../../host/types";
import { codeOf, wordsFor } from "../../parts/problems";

export interface Acting {
  readonly complaint: string | null;
  /** Whether it was done. */
  readonly act: (request: AdminRequest) => Promise<boolean>;
}

export function useAct(): Acting {
  const { t } = useTranslation();
  const { desk } = useHost();
  const [complaint, setComplaint] = useState<string | null>(null);
  const act = async (request: AdminRequest): Promise<boolean> => {
    setComplaint(null);
    try {
      await desk.ask(request);
      return true;
    } catch (error) {
      setComplaint(wordsFor(t, codeOf(error)));
      return false;
    }
  };
  return { complaint, act };
}
