/** What a part of a screen reads live, over the one connection that its screen has. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useSyncExternalStore } from "react";
import { useHost } from "../host/context";
import type { Topic } from "../state/topics";
import { ScreenStreams } from "./screenStreams";
import type { Streamed } from "./useStream";

const ScreenContext = createContext<ScreenStreams | null>(null);

/** Gives the parts within it one connection between them. */
export function LiveScreen({ children }: { children: ReactNode }) {
  const { desk } = useHost();
  const streams = useMemo(() => new ScreenStreams((topics, listener) => desk.watch(topics, listener)), [desk]);
  return <ScreenContext value={streams}>{children}</ScreenContext>;
}

function useStreams(): ScreenStreams {
  const streams = useContext(ScreenContext);
  if (!streams) throw new Error("A live part was drawn outside of LiveScreen.");
  return streams;
}

/** What is known of a topic, as it changes. The topic has to be the same from one drawing to the next. */
export function useTopic<T>(topic: Topic<T>): T {
  const streams = useStreams();
  useEffect(() => streams.want(topic), [streams, topic]);
  return useSyncExternalStore(streams.subscribe, () => streams.known(topic));
}

/** How the screen's connection stands: what was heard last, the server's clock, whether the right is gone. */
export function useConnection(): Streamed<unknown> {
  const streams = useStreams();
  return useSyncExternalStore(streams.subscribe, streams.connection);
}
