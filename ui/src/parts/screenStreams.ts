/**
 * One connection for a screen, however many of its parts want to know something.
 *
 * Each part says which topic it wants, for as long as it is shown. Where the wanted topics change, another
 * connection takes the place of the first; what was known of topics that stay is kept and merged on, by offset.
 */
import type { StreamMessage, Unsubscribe } from "../host/types";
import type { StreamEvent } from "../state/rows";
import type { Topic } from "../state/topics";
import { type Streamed, StreamStore } from "./useStream";

/** What is known, by the name of its topic. */
type Known = ReadonlyMap<string, unknown>;

type Open = (topics: readonly string[], listener: (message: StreamMessage) => void) => Unsubscribe;

interface Wanted {
  readonly topic: Topic<unknown>;
  readonly times: number;
}

export class ScreenStreams {
  readonly #wanted = new Map<string, Wanted>();
  readonly #store: StreamStore<Known>;
  /** The topics of the connection there is. */
  #read: readonly string[] = [];
  #stop: Unsubscribe | null = null;
  #isSettling = false;

  constructor(
    private readonly open: Open,
    schedule?: (run: () => void) => void,
  ) {
    this.#store = new StreamStore<Known>(new Map(), (known, events) => this.#merge(known, events), schedule);
  }

  get subscribe() {
    return this.#store.subscribe;
  }

  /** How the connection stands. */
  readonly connection = (): Streamed<unknown> => this.#store.read();

  /** What is known of a topic. */
  readonly known = <T>(topic: Topic<T>): T => {
    const known = this.#store.read().data.get(topic.name);
    return known === undefined ? topic.nothing : (known as T);
  };

  /** Reads this topic, too, until it is not wanted any more. */
  want<T>(topic: Topic<T>): Unsubscribe {
    this.#count(topic as Topic<unknown>, 1);
    let isWanted = true;
    return () => {
      if (isWanted) this.#count(topic as Topic<unknown>, -1);
      isWanted = false;
    };
  }

  #count(topic: Topic<unknown>, by: number): void {
    const times = (this.#wanted.get(topic.name)?.times ?? 0) + by;
    if (times > 0) this.#wanted.set(topic.name, { topic, times });
    else this.#wanted.delete(topic.name);
    if (this.#isSettling) return;
    // A screen that gives way to another takes back and wants in one go: that is one change.
    this.#isSettling = true;
    queueMicrotask(() => this.#settle());
  }

  #settle(): void {
    this.#isSettling = false;
    const names = [...this.#wanted.keys()].sort();
    if (names.join("\n") === this.#read.join("\n")) return;
    this.#stop?.();
    this.#read = names;
    this.#stop = names.length > 0 ? this.open(names, this.#store.take) : null;
  }

  #merge(known: Known, events: readonly StreamEvent[]): Known {
    const byTopic = new Map<string, StreamEvent[]>([...this.#wanted.keys()].map((name) => [name, []]));
    for (const event of events) {
      const name = (event.data as { topic?: string } | null)?.topic ?? "";
      // A heartbeat is about all that the connection carries.
      if (event.name === "heartbeat") for (const all of byTopic.values()) all.push(event);
      const told = byTopic.get(name);
      if (told) told.push(event);
      else byTopic.set(name, [event]);
    }
    // What nobody wants any more is forgotten: it would be as old as it is when somebody wants it again.
    const next = new Map([...known].filter(([name]) => this.#wanted.has(name)));
    let isSame = next.size === known.size;
    for (const [name, told] of byTopic) {
      const topic = this.#wanted.get(name)?.topic;
      if (!topic) continue;
      const before = known.get(name) ?? topic.nothing;
      const after = topic.merge(before, told);
      if (after === before) continue;
      next.set(name, after);
      isSame = false;
    }
    return isSame ? known : next;
  }
}
