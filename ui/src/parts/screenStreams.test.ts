import { beforeEach, describe, expect, it, vi } from "vitest";
import type { StreamMessage } from "../host/types";
import { reports, stations } from "../state/topics";
import { ScreenStreams } from "./screenStreams";

interface Connection {
  readonly topics: readonly string[];
  readonly listener: (message: StreamMessage) => void;
  isOpen: boolean;
}
let opened: Connection[];
let streams: ScreenStreams;

beforeEach(() => {
  opened = [];
  streams = new ScreenStreams(
    (topics, listener) => {
      const connection = { topics, listener, isOpen: true };
      opened.push(connection);
      return () => {
        connection.isOpen = false;
      };
    },
    (run) => run(),
  );
});

const settled = () => Promise.resolve();
function say(name: string, data: object, receivedAt = 1_000): void {
  opened.at(-1)?.listener({ type: "event", name, id: null, data, receivedAt });
}
const initial = (topic: string, offset: number, rows: object) => ({ topic, offset, position: `e.${offset}`, ...rows });
const open = () => opened.filter(({ isOpen }) => isOpen).map(({ topics }) => topics);

describe("a screen's one connection", () => {
  it("carries all that its parts want, each once", async () => {
    streams.want(stations);
    streams.want(reports.all);
    streams.want(stations);
    await settled();
    expect(open()).toEqual([["reports", "stations"]]);
  });

  it("is made anew when something else is wanted, and ends with the last part", async () => {
    const first = streams.want(stations);
    const again = streams.want(stations);
    await settled();
    const other = streams.want(reports.all);
    await settled();
    expect(opened).toHaveLength(2);
    expect(open()).toEqual([["reports", "stations"]]);
    other();
    other();
    again();
    await settled();
    expect(open()).toEqual([["stations"]]);
    first();
    await settled();
    expect(open()).toEqual([]);
  });

  it("gives its heartbeat to all that it carries", async () => {
    streams.want(stations);
    streams.want(reports.all);
    await settled();
    say("initial", initial("stations", 10, { stations: [{ id: "s1" }] }));
    say("delete", { topic: "stations", offset: 11, stationId: "s1" });
    expect(streams.known(stations).told.size).toBe(1);
    say("heartbeat", { offset: 12, position: "e.12", serverTime: "2026-11-24T06:00:00.000Z" });
    expect(streams.known(stations)).toMatchObject({ told: new Map(), since: 12 });
  });

  it("stays when a part gives way to one that wants the same", async () => {
    const before = streams.want(stations);
    await settled();
    before();
    streams.want(stations);
    await settled();
    expect(opened).toHaveLength(1);
  });

  it("gives each topic its own events, and tells nobody anew for the others'", async () => {
    streams.want(stations);
    streams.want(reports.all);
    await settled();
    say("initial", initial("stations", 3, { stations: [{ id: "s" }] }));
    say("initial", initial("reports", 3, { reports: [] }));
    const before = streams.known(stations);
    say("insert", { topic: "reports", offset: 4, report: { id: "r" } });
    expect(streams.known(stations)).toBe(before);
    expect([...streams.known(reports.all).rows.keys()]).toEqual(["r"]);
  });

  it("keeps what it knows through a change of topics, and takes no older snapshot for it", async () => {
    streams.want(stations);
    await settled();
    say("initial", initial("stations", 3, { stations: [{ id: "a" }] }));
    say("insert", { topic: "stations", offset: 9, station: { id: "b" } });
    streams.want(reports.all);
    await settled();
    expect([...streams.known(stations).rows.keys()]).toEqual(["a", "b"]);
    // A snapshot is shared and may be a second old; what came since follows it.
    say("initial", initial("stations", 8, { stations: [{ id: "a" }] }));
    expect([...streams.known(stations).rows.keys()]).toEqual(["a", "b"]);
  });

  it("forgets what nobody wants any more", async () => {
    const unwant = streams.want(reports.all);
    streams.want(stations);
    await settled();
    say("initial", initial("reports", 3, { reports: [{ id: "r" }] }));
    unwant();
    await settled();
    say("heartbeat", { offset: 4, serverTime: "2026-11-24T06:00:00.000Z" });
    expect(streams.known(reports.all)).toBe(reports.all.nothing);
  });

  it("is as fresh as it was while another connection is made, and says so when that fails", async () => {
    streams.want(stations);
    await settled();
    opened.at(-1)?.listener({ type: "state", state: "live", since: 1 });
    say("initial", initial("stations", 3, { stations: [] }), 5_000);
    streams.want(reports.all);
    await settled();
    opened.at(-1)?.listener({ type: "state", state: "connecting", since: 6_000 });
    expect(streams.connection().heard).toEqual({ state: "live", since: 1, lastAt: 5_000 });
    opened.at(-1)?.listener({ type: "state", state: "stale", since: 7_000 });
    expect(streams.connection().heard.state).toBe("stale");
  });

  it("learns the server's clock from what it hears, and that the right is gone", async () => {
    const told = vi.fn();
    streams.subscribe(told);
    streams.want(stations);
    await settled();
    say("heartbeat", { offset: 1, serverTime: new Date(61_000).toISOString() }, 1_000);
    expect(streams.connection().serverOffset).toBe(60_000);
    say("goodbye", { reason: "revoked" });
    expect(streams.connection().revocations).toBe(1);
    expect(told).toHaveBeenCalled();
    // Who was there after all is asked again the next time.
    say("heartbeat", { offset: 2, serverTime: new Date(62_000).toISOString() }, 2_000);
    say("goodbye", { reason: "revoked" });
    expect(streams.connection().revocations).toBe(2);
  });

  it("is no fresher for a goodbye, whatever its reason", async () => {
    streams.want(stations);
    await settled();
    opened.at(-1)?.listener({ type: "state", state: "live", since: 1 });
    say("initial", initial("stations", 3, { stations: [] }), 5_000);
    say("goodbye", { reason: "busy" }, 9_000);
    expect(streams.connection().heard.lastAt).toBe(5_000);
  });
});
