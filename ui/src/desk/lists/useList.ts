/** A list of the supervisor's: read in its largest page, read again after every action. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Page } from "../../generated/Page";
import { useHost } from "../../host/context";
import type { AdminRequest } from "../../host/types";
import { codeOf, wordsFor } from "../../parts/problems";

/** How often a list is read by itself, in milliseconds. */
const AGAIN_MS = 10_000;

export function useList<T>(path: string) {
  const { t } = useTranslation();
  const { desk } = useHost();
  const queries = useQueryClient();
  const key = ["desk", "list", path];
  const [complaint, setComplaint] = useState<string | null>(null);
  const { data, isPending, isError } = useQuery({
    queryKey: key,
    queryFn: () => desk.ask<Page<T>>({ method: "GET", path }),
    refetchInterval: AGAIN_MS,
  });
  /** Asks for a change, then reads the list again; says what stands against it. */
  const act = async (request: AdminRequest): Promise<boolean> => {
    setComplaint(null);
    try {
      await desk.ask(request);
      return true;
    } catch (error) {
      setComplaint(wordsFor(t, codeOf(error)));
      return false;
    } finally {
      await queries.invalidateQueries({ queryKey: ["desk", "list"] });
    }
  };
  return { items: data?.items ?? [], isPending, isError, complaint, act };
}
