/**
 * Something in between lets no stream through, but single answers come: the board asks every 5 s, shows what it is told
 * and says so in the reader's language; and it goes back to the stream as soon as there is one.
 */
import { check, enrol, floor, goToWork, openBoard, part, picture, tap, until, withBrowser } from "./floor.mjs";

const ASKING = { en: /Checking every 5 s/, he: /בודק כל 5 שניות/ };

await withBrowser(async (person) => {
  const kiosk = await (await person()).newPage();
  const context = await person();
  const board = await context.newPage();
  await board.clock.install();
  await openBoard(board);
  await enrol(kiosk, 0, "Without a stream");
  await goToWork(kiosk, 0);
  const row = `board-row-${floor.kiosks[0].stationCode}`;
  await part(board, row, "[data-status='stop']").waitFor();

  const state = () => part(board, "freshness").getAttribute("data-state");

  await board.route(
    (url) => url.pathname === "/api/stream" && !url.search.includes("snapshot"),
    (route) => route.abort(),
  );
  // The next connection is one that does not come about: another place wants other streams.
  await part(board, "place-jobs").click();
  await part(board, "place-board").click();
  await until(board, "the board asks", async () => (await state()) === "polling");
  for (const [language, status] of [
    ["en", "cleaning"],
    ["he", "setup"],
  ]) {
    await part(board, `language-${language}`).click();
    await part(board, "freshness-band", "[data-state='polling']").getByText(ASKING[language]).waitFor();
    await tap(kiosk, `status-${status}`);
    await part(kiosk, "strip", "[data-state='applied']").waitFor();
    await until(
      board,
      "the change is shown",
      async () => (await part(board, row).getAttribute("data-status")) === status,
    );
    check((await state()) === "polling", "it is no stream that told it");
    await picture(board, `polling-${language}`);
  }

  await board.unrouteAll();
  await until(board, "the stream is back", async () => (await state()) === "live");
  check((await part(board, "freshness-band").count()) === 0, "and the band is gone");
  const asked = [];
  board.on("request", (request) => asked.push(request.url()));
  await board.clock.runFor(12_000);
  check(asked.length === 0, `nothing is asked for any more: ${asked}`);
});
