/** One session belongs to one tab: when a second one takes it, the first one says so and can't go on. */
import { admin, call, check, enrol, floor, goToWork, part, picture, tap, withBrowser } from "./floor.mjs";

await withBrowser(async (person) => {
  const browser = await person();
  const first = await browser.newPage();
  await enrol(first, 0, "Two tabs");
  await goToWork(first, 0);
  await tap(first, "status-cleaning");
  await part(first, "strip", "[data-state='applied']").waitFor();

  const second = await browser.newPage();
  await second.goto(`${floor.url}/kiosk`);
  await part(second, "resume-offer").waitFor();
  check(await part(first, "state-word").isVisible(), "opening a tab takes nothing from another");
  await tap(second, "resume");
  await part(second, "state-word", "[data-key='cleaning']").waitFor();

  await first.waitForURL("**/session-transferred");
  await part(first, "transferred").getByText("in another tab of this kiosk").waitFor();
  await picture(first, "browser-6-transferred");
  await tap(second, "status-setup");
  await part(second, "strip", "[data-state='applied']").waitFor();
  await part(second, "state-word", "[data-key='setup']").waitFor();
  check(await part(first, "transferred").isVisible(), "the first one stays where it is");
  const board = await call("GET", "/api/admin/dashboard/active-sessions/stream?snapshot=1", { token: await admin() });
  check(board.sessions.length === 1, "it is one session still");

  await tap(first, "ended-back");
  await part(first, "signin-code").waitFor();
  await first.waitForURL("**/kiosk");
  check(await part(second, "state-word").isVisible(), "and whose turn it is works on");
});
