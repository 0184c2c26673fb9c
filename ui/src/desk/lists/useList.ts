/**
 * A list that no stream tells: read in its largest page when it is opened, and again after each action of one's own
 * and whenever `news` changes. It is never asked for on a timer, nor before it is wanted.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Page } from "../../generated/Page";
import { useHost } from "../../host/context";
import type { AdminRequest } from "../../host/types";
import { useAct } from "./useAct";

const LISTS = ["desk", "list"];

export function useList<T>(path: string, news?: unknown, isWanted = true) {
  const { desk } = useHost();
  const queries = useQueryClient();
  const { complaint, act } = useAct();
  const { data, isPending, isError } = useQuery({
    queryKey: [...LISTS, path],
    queryFn: () => desk.ask<Page<T>>({ method: "GET", path }),
    enabled: isWanted,
  });
  const heard = useRef(news);
  useEffect(() => {
    if (heard.current === news) return;
    heard.current = news;
    void queries.invalidateQueries({ queryKey: LISTS });
  }, [queries, news]);
  const actAndRead = async (request: AdminRequest): Promise<boolean> => {
    const isDone = await act(request);
    await queries.invalidateQueries({ queryKey: LISTS });
    return isDone;
  };
  return { items: data?.items ?? [], isPending, isError, complaint, act: actAndRead };
}
