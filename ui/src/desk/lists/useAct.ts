/** A change that a supervisor asks for, and what stands against the last one. What follows from it, streams tell. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useHost } from "../../host/context";
import type { AdminRequest } from "../../host/types";
import { type Complaint, complaintOf } from "../../parts/problems";

export interface Acting {
  readonly complaint: Complaint | null;
  /** Whether it was done. */
  readonly act: (request: AdminRequest) => Promise<boolean>;
  /** What it was answered; null where it was not done. */
  readonly obtain: <T>(request: AdminRequest) => Promise<{ body: T } | null>;
}

export function useAct(): Acting {
  const { t } = useTranslation();
  const { desk } = useHost();
  const [complaint, setComplaint] = useState<Complaint | null>(null);
  const obtain = async <T>(request: AdminRequest): Promise<{ body: T } | null> => {
    setComplaint(null);
    try {
      return { body: await desk.ask<T>(request) };
    } catch (error) {
      setComplaint(complaintOf(t, error));
      return null;
    }
  };
  const act = async (request: AdminRequest): Promise<boolean> => (await obtain(request)) !== null;
  return { complaint, act, obtain };
}
