/** A kiosk and a board side by side: one taps, the other shows it, in two languages and by keyboard. */
import { check, enrol, floor, goToWork, openBoard, part, picture, say, tap, withBrowser } from "./floor.mjs";

/** Where a part lies, from the left edge of the page. */
async function middle(page, name) {
  const { x, width } = await part(page, name).first().boundingBox();
  return x + width / 2;
}

const click = (page, name) => part(page, name).click();

async function speakHebrew(page, choose) {
  await choose(page, "language-he");
  await page.locator("html[dir='rtl'][lang='he']").waitFor();
}

await withBrowser(async (person) => {
  const kiosk = await (await person()).newPage();
  const board = await (await person()).newPage();
  await openBoard(board);
  await part(board, "board-empty").waitFor();
  // Gone after a reload: whatever the board shows from here on came over its stream.
  await board.evaluate(() => {
    window.sinceTheStart = true;
  });

  await enrol(kiosk, 0, "Browser kiosk");
  await picture(kiosk, "browser-1-sign-in");
  const wordAtLeft = await middle(kiosk, "signin-code");
  check(wordAtLeft < (await middle(kiosk, "signin-key-5")), "left to right the number stands left of its keys");
  await speakHebrew(kiosk, tap);
  check((await middle(kiosk, "signin-code")) > (await middle(kiosk, "signin-key-5")), "right to left it is mirrored");
  check((await middle(kiosk, "signin-key-1")) < (await middle(kiosk, "signin-key-3")), "keypads are never mirrored");
  await picture(kiosk, "browser-2-sign-in-hebrew");
  await tap(kiosk, "language-en");
  await kiosk.locator("html[dir='ltr']").waitFor();

  await goToWork(kiosk, 0);
  const row = `board-row-${floor.kiosks[0].stationCode}`;
  await part(board, row, "[data-status='stop']").waitFor();
  const tile = kiosk.locator("[data-guard='open'] [data-testid='status-setup']:not([data-disabled])");
  await tile.waitFor();
  const began = performance.now();
  const seen = part(board, row, "[data-status='setup'][data-look='setup']").waitFor();
  await tile.click();
  await seen;
  say(`from the tap to the board: ${Math.round(performance.now() - began)} ms`);
  await part(kiosk, "strip", "[data-state='applied']").waitFor();
  check((await part(board, "freshness").getAttribute("data-state")) === "live", "its stream told it, no asking");
  check(await board.evaluate(() => window.sinceTheStart), "the board was not loaded again");
  await picture(kiosk, "browser-3-work");
  await picture(board, "browser-4-board");

  const freshLeft = await middle(board, "freshness");
  check(freshLeft < (await middle(board, "desk-logout")), "left to right the way out is on the right");
  await speakHebrew(board, click);
  check((await middle(board, "freshness")) > (await middle(board, "desk-logout")), "the board is mirrored, too");
  check((await part(board, row).getAttribute("data-status")) === "setup", "and shows the same");
  await picture(board, "browser-5-board-hebrew");

  await board.locator("body").click({ position: { x: 5, y: 400 } });
  await board.keyboard.press("/");
  const search = part(board, "board-search");
  check(await search.evaluate((field) => field === document.activeElement), "`/` goes to the search");
  check((await search.inputValue()) === "", "and writes nothing there");
  await board.keyboard.type("nobody-of-this-name");
  await part(board, row).waitFor({ state: "detached" });
  await search.fill(floor.kiosks[0].stationCode);
  await part(board, row).waitFor();

  await tap(kiosk, "end-session");
  await tap(kiosk, "end-confirm");
  await part(kiosk, "summary").waitFor();
  await search.fill("");
  await part(board, "board-empty").waitFor();
});
