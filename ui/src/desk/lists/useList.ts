/**
 * A list that no stream tells: its first page is read when it is opened, what follows where somebody wants more; and
 * all that is shown again after each action of one's own and whenever `news` changes. It is never asked for on a timer,
 * nor before it is wanted.
 */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
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
  const { data, isPending, isError, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: [...LISTS, path],
    queryFn: ({ pageParam }) => desk.ask<Page<T>>({ method: "GET", path: path + pageParam }),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => (nextCursor ? `&cursor=${encodeURIComponent(nextCursor)}` : undefined),
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
  return {
    items: data?.pages.flatMap(({ items }) => items) ?? [],
    isPending,
    isError,
    complaint,
    act: actAndRead,
    /** Reads what follows; null where nothing does. */
    more: hasNextPage ? () => void fetchNextPage() : null,
  };
}
