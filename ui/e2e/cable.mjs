/**
 * The cable between a board and the server is pulled, and nothing tells anybody: no connection ends. Who looks at the
 * board has to see it within 45 s, in his language; and what is live again has to be so by itself.
 */
import { check, enrol, floor, goToWork, openBoard, order, part, picture, tap, until, withBrowser } from "./floor.mjs";

const OLD = { en: /^No news since \d\d:\d\d:\d\d — what you see may be old/, he: /^אין חדשות מאז \d\d:\d\d:\d\d — / };

/** Lets the page's own time pass: its watchdog and its delays, not the network. */
async function pass(page, seconds) {
  await page.clock.runFor(seconds * 1_000);
}

await withBrowser(async (person) => {
  const kiosk = await (await person()).newPage();
  const board = await (await person()).newPage();
  await board.clock.install();
  await openBoard(board, floor.cable);
  await enrol(kiosk, 0, "At the other end");
  await goToWork(kiosk, 0);
  const row = `board-row-${floor.kiosks[0].stationCode}`;
  await part(board, row, "[data-status='stop']").waitFor();
  const fresh = part(board, "freshness");
  const band = part(board, "freshness-band");
  await board.evaluate(() => {
    window.sinceTheStart = true;
  });

  for (const [language, status] of [
    ["en", "cleaning"],
    ["he", "setup"],
  ]) {
    await part(board, `language-${language}`).click();
    await board.locator(`html[lang='${language}']`).waitFor();
    const before = await part(board, row).getAttribute("data-status");
    await order("pull");
    // A heartbeat may have been on its way; from here on nothing comes.
    await tap(kiosk, `status-${status}`);
    await part(kiosk, "strip", "[data-state='applied']").waitFor();
    await pass(board, 30);
    check((await fresh.getAttribute("data-state")) === "live", "two missed heartbeats are no news");
    check((await band.count()) === 0, "and there is no band yet");
    await pass(board, 16);
    await part(board, "freshness", "[data-state='stale']").waitFor({ timeout: 2_000 });
    check(OLD[language].test(await band.textContent()), `it is said in words: ${await band.textContent()}`);
    check((await part(board, row).getAttribute("data-status")) === before, "what is shown is what was known");
    await picture(board, `cable-1-stale-${language}`);

    // Another connection leads nowhere either: it is given up, and asked for again and again.
    await pass(board, 60);
    check((await fresh.getAttribute("data-state")) === "stale", "it stays stale as long as nothing comes");

    await order("plug in");
    await until(board, "it is live again", async () => (await fresh.getAttribute("data-state")) === "live");
    await part(board, row, `[data-status='${status}']`).waitFor();
    check((await band.count()) === 0, "the band is gone");
    await picture(board, `cable-2-live-${language}`);
  }
  check(await board.evaluate(() => window.sinceTheStart), "the board was not loaded again");
  check((await part(board, "board-count").textContent()) === "1", "one session, as before");
});
