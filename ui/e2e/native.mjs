/** What a browser brings by itself: EventSource with our cookie, and the beacon of a page that goes away. */
import { check, enrol, floor, goToWork, openBoard, part, picture, withBrowser } from "./floor.mjs";

/** The first `initial` and the stream's own words about itself, as a script of anybody would read them. */
function firstEvent(page, path) {
  return page.evaluate(
    (address) =>
      new Promise((resolve, reject) => {
        const source = new EventSource(address);
        source.addEventListener("initial", (event) => {
          source.close();
          resolve({ data: JSON.parse(event.data), id: event.lastEventId });
        });
        source.addEventListener("error", () => {
          source.close();
          reject(new Error(`${address} gives no stream`));
        });
      }),
    path,
  );
}

/** Who is at this station, as the pipeline tells it: its snapshot may be a second old, what came since follows. */
function occupantOf(page, path, station) {
  return page.evaluate(
    ([address, stationId]) =>
      new Promise((resolve, reject) => {
        const source = new EventSource(address);
        const look = (event) => {
          const option = JSON.parse(event.data).stationOptions.find((known) => known.stationId === stationId);
          if (!option?.occupancy) return;
          source.close();
          resolve(option);
        };
        source.addEventListener("initial", look);
        source.addEventListener("update", look);
        source.addEventListener("error", () => {
          source.close();
          reject(new Error(`${address} does not say who is there`));
        });
      }),
    [path, station],
  );
}

await withBrowser(async (person) => {
  const browser = await person();
  const kiosk = await browser.newPage();
  const board = await (await person()).newPage();
  await openBoard(board);
  await enrol(kiosk, 0, "Native");
  await goToWork(kiosk, 0);
  const row = `board-row-${floor.kiosks[0].stationCode}`;
  await part(board, row, "[data-contact='online']").waitFor();

  const floorSeen = await firstEvent(board, "/api/admin/dashboard/active-sessions/stream");
  check(floorSeen.data.sessions.length === 1, "the board's stream by cookie");
  check(/^[^.]+\.\d+$/.test(floorSeen.id), `an id is epoch and offset: ${floorSeen.id}`);
  const own = await firstEvent(kiosk, "/api/kiosk/stream");
  check(own.data.session.id === floorSeen.data.sessions[0].id, "the kiosk's own stream by cookie");
  check(own.data.epoch === 1, "with its claim");
  const worker = own.data.session.workerId;
  const pipeline = `/api/sessions/pipeline/stream?workerId=${worker}`;
  const here = await occupantOf(kiosk, pipeline, own.data.session.stationId);
  check(here.allowed && here.occupancy.workerName === own.data.session.workerName, "the pipeline shows who is there");
  const screen = await firstEvent(board, "/api/stream?topic=active-sessions&topic=stations");
  check(screen.data.topic === "active-sessions", "several streams on one connection");
  const refused = await firstEvent(kiosk, "/api/admin/dashboard/active-sessions/stream").catch(() => "refused");
  check(refused === "refused", "a kiosk does not read the board");

  // The page goes away: pagehide sends the beacon, long before two missed heartbeats would tell.
  await kiosk.goto("about:blank");
  await part(board, row, "[data-contact='lost']").waitFor({ timeout: 5_000 });
  await picture(board, "browser-9-lost");
  await kiosk.goto(`${floor.url}/kiosk`);
  await part(kiosk, "state-word").waitFor();
  await part(board, row, "[data-contact='online']").waitFor({ timeout: 5_000 });

  // So does a tab that is closed.
  await kiosk.close({ runBeforeUnload: true });
  await part(board, row, "[data-contact='lost']").waitFor({ timeout: 5_000 });
});
