/** The server is killed under a board and a kiosk: both say so, and both catch up when it is back. */
import { check, enrol, floor, goToWork, openBoard, order, part, picture, tap, withBrowser } from "./floor.mjs";

await withBrowser(async (person) => {
  const kiosk = await (await person()).newPage();
  const board = await (await person()).newPage();
  await openBoard(board);
  await enrol(kiosk, 0, "Through a restart");
  await goToWork(kiosk, 0);
  await tap(kiosk, "status-cleaning");
  const row = `board-row-${floor.kiosks[0].stationCode}`;
  await part(board, row, "[data-status='cleaning']").waitFor();
  await board.evaluate(() => {
    window.sinceTheStart = true;
  });

  await order("kill");
  await part(board, "freshness", "[data-state='stale']").waitFor();
  check((await part(board, "freshness").textContent()).includes("stale since"), "the board says since when");
  await picture(board, "browser-7-stale");
  await tap(kiosk, "status-setup");
  await part(kiosk, "state-word", "[data-key='setup']").waitFor();
  await part(kiosk, "strip", "[data-state='saved']").waitFor();
  await part(kiosk, "waiting", "[data-count='1']").waitFor();
  await picture(kiosk, "browser-8-saved-here");
  check((await part(board, row).getAttribute("data-status")) === "cleaning", "the board shows what it knew");

  await order("start");
  await part(kiosk, "waiting", "[data-count='0']").waitFor({ timeout: 40_000 });
  await part(board, row, "[data-status='setup']").waitFor({ timeout: 40_000 });
  await part(board, "freshness", "[data-state='live']").waitFor({ timeout: 40_000 });
  check(await board.evaluate(() => window.sinceTheStart), "the board was not loaded again");
  check((await part(board, "board-count").textContent()) === "1", "one session, as before");
});
