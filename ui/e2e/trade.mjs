/** A shift in short: an item, production, pieces, a malfunction; at the desk the report, a job and a status. */
import { admin, call, check, enrol, goToWork, openBoard, part, picture, tap, withBrowser } from "./floor.mjs";

await withBrowser(async (person) => {
  const kiosk = await (await person()).newPage();
  await enrol(kiosk, 0, "Trade");
  await goToWork(kiosk, 0);

  // Production wants an item: the tap leads to choosing one, and production begins.
  await tap(kiosk, "status-production");
  const item = kiosk.locator("[data-guard='open'] [data-testid^='item-']:not([data-disabled])").first();
  await item.waitFor();
  await picture(kiosk, "trade-1-items");
  await item.click();
  await part(kiosk, "state-word", "[data-key='production']").waitFor();
  await part(kiosk, "strip", "[data-state='applied']").waitFor();
  await picture(kiosk, "trade-2-production");

  // Leaving it asks for good and scrap, and sends them with the status.
  await tap(kiosk, "status-setup");
  await tap(kiosk, "count-plus-10");
  await picture(kiosk, "trade-3-count");
  await tap(kiosk, "count-submit");
  await part(kiosk, "state-word", "[data-key='setup']").waitFor();

  // A malfunction in two taps.
  await tap(kiosk, "malfunction");
  const reason = kiosk
    .locator("[data-guard='open'] [data-testid^='reason-']:not([data-testid='reason-cancel'])")
    .first();
  await reason.waitFor();
  await reason.click();
  await part(kiosk, "state-word", "[data-key='malfunction']").waitFor();
  const token = await admin();
  const seen = () => call("GET", "/api/admin/dashboard/active-sessions/stream?snapshot=1", { token });
  for (let board = await seen(); board.sessions[0].malfunctionCount === 0; board = await seen());
  const [session] = (await seen()).sessions;
  check(session.totals.good === 10, `ten pieces were counted: ${JSON.stringify(session.totals)}`);

  // At the desk: the report is known and solved.
  const desk = await (await person()).newPage();
  await openBoard(desk);
  await part(desk, "place-reports").click();
  const { items } = await call("GET", "/api/admin/reports?open=true&type=malfunction&limit=500", { token });
  const report = items.find(({ sessionId }) => sessionId === session.id);
  await part(desk, `report-${report.id}-known`).click();
  await part(desk, `report-${report.id}-known`).waitFor({ state: "detached" });
  await picture(desk, "trade-4-reports");
  await part(desk, `report-${report.id}-solved`).click();
  await part(desk, `report-${report.id}-open`).waitFor();

  // A job, made and put away.
  await part(desk, "place-jobs").click();
  await part(desk, "job-number").fill("E2E-1");
  await part(desk, "job-item").fill("Bracket");
  await part(desk, "job-station").selectOption({ index: 1 });
  await part(desk, "job-create").click();
  await part(desk, "job-E2E-1").getByText("0 / 100").waitFor();
  await picture(desk, "trade-5-jobs");

  // A status, made and deleted; the protected ones offer no deletion.
  await part(desk, "place-statuses").click();
  await part(desk, "status-key").fill("lunch");
  await part(desk, "status-en").fill("Lunch");
  await part(desk, "status-save").click();
  await part(desk, "status-row-lunch").waitFor();
  await part(desk, "status-delete-lunch").click();
  await part(desk, "status-row-lunch").waitFor({ state: "detached" });
  await part(desk, "status-delete-production").waitFor({ state: "detached" });
  await picture(desk, "trade-6-statuses");

  await part(desk, "place-waiting").click();
  await part(desk, "approvals").waitFor();
});
