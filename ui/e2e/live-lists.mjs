/**
 * The desk's lists live: jobs, reports and what waits change by the interface and at a kiosk, and the page shows it
 * over its one connection. It asks for nothing on a timer, however much time passes.
 */
import { admin, call, check, enrol, floor, goToWork, openBoard, part, picture, tap, withBrowser } from "./floor.mjs";

await withBrowser(async (person) => {
  const kiosk = await (await person()).newPage();
  const desk = await (await person()).newPage();
  await desk.clock.install();
  await openBoard(desk);
  await enrol(kiosk, 0, "Seen from the desk");
  await goToWork(kiosk, 0);
  const token = await admin();
  const asked = [];
  const streams = [];
  desk.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (!pathname.startsWith("/api/")) return;
    if (pathname === "/api/stream" && !search.includes("snapshot")) streams.push(search);
    else asked.push(`${request.method()} ${pathname}${search}`);
  });
  await desk.evaluate(() => {
    window.sinceTheStart = true;
  });

  // Jobs: one is made, its item closed short, and it is put away; all of it elsewhere.
  await part(desk, "place-jobs").click();
  await part(desk, "jobs").waitFor();
  const job = await call("POST", "/api/admin/jobs", { token, body: { number: "LIVE-1", customer: "Negev" } });
  const item = { name: "Bracket", plannedQuantity: 40, steps: [{ stationId: floor.stations[0].id }] };
  await call("POST", `/api/admin/jobs/${job.id}/items`, { token, body: item });
  await part(desk, "job-LIVE-1").getByText("0 / 40").waitFor();
  await picture(desk, "live-1-jobs");
  await call("POST", `/api/admin/jobs/${job.id}/archive`, { token, body: {} });
  await part(desk, "job-LIVE-1").waitFor({ state: "detached" });

  // A worker reports a malfunction: it is listed, counted, and opened again and again in another colour elsewhere.
  await part(desk, "place-reports").click();
  await part(desk, "reports").waitFor();
  const count = part(desk, "waiting-count");
  const waited = (await count.count()) > 0 ? Number(await count.getAttribute("data-count")) : 0;
  await tap(kiosk, "malfunction");
  const reason = kiosk.locator("[data-guard='open'] [data-testid^='reason-']:not([data-testid='reason-cancel'])");
  await reason.first().click();
  await part(desk, "waiting-count", `[data-count='${waited + 1}']`).waitFor();
  const { sessions } = await call("GET", "/api/admin/dashboard/active-sessions/stream?snapshot=1", { token });
  const { reports } = await call("GET", "/api/admin/reports/stream?snapshot=1&type=malfunction", { token });
  const report = reports.find(({ sessionId }) => sessionId === sessions[0].id);
  await part(desk, `report-${report.id}-known`).waitFor();
  await picture(desk, "live-2-reports");
  await become(report.id, "known");
  await part(desk, `report-${report.id}-known`).waitFor({ state: "detached" });
  await become(report.id, "solved");
  await part(desk, "reports-solved").locator(`[data-testid='report-${report.id}']`).waitFor();
  await part(desk, "reports-scrap").click();
  await part(desk, `report-${report.id}`).waitFor({ state: "detached" });
  await part(desk, "reports-malfunction").click();
  await part(desk, `report-${report.id}-open`).waitFor();

  // The session itself, with its stretches and its report, as they come.
  await part(desk, "place-board").click();
  await part(desk, `board-open-${floor.kiosks[0].stationCode}`).click();
  await part(desk, "detail", "[data-known='true']").waitFor();
  const stretches = await part(desk, "detail-event").count();
  await tap(kiosk, "status-setup");
  await part(desk, "detail-state", "[data-status='setup']").waitFor();
  await part(desk, "detail-event").nth(stretches).waitFor();
  check((await part(desk, "detail-report").count()) === 1, "with its report");
  await picture(desk, "live-3-session");
  await tap(kiosk, "end-session");
  await tap(kiosk, "end-confirm");
  await part(desk, "detail-state", "[data-status='ended']").waitFor();
  await part(desk, "board-empty").waitFor();
  await reconnected(() => desk.keyboard.press("Escape"));
  await part(desk, "detail").waitFor({ state: "detached" });

  // Whatever asks on a timer would have asked by now.
  for (const place of ["reports", "jobs", "board"]) {
    await desk.clock.runFor(5_000);
    await reconnected(() => part(desk, `place-${place}`).click());
    // The place's own connection has begun to speak: what was heard is younger than the 5 s before.
    await part(desk, "freshness", "[data-state='live']")
      .filter({ hasText: /live · [0-4]\./ })
      .waitFor();
    await desk.clock.runFor(35_000);
  }
  check(asked.length === 0, `the page asked: ${asked.join(", ")}`);
  check(
    streams.every((topics) => topics.includes("topic=notifications")),
    `one connection carries all: ${streams}`,
  );
  check(await desk.evaluate(() => window.sinceTheStart), "the page was not loaded again");

  /** Other topics are another connection: it has been answered before the page's time goes on, or it looks like a dead one. */
  async function reconnected(choose) {
    const answered = desk.waitForResponse((answer) => new URL(answer.url()).pathname === "/api/stream");
    await choose();
    await answered;
  }

  async function become(id, state) {
    const { version } = await call("GET", `/api/admin/reports/${id}`, { token });
    await call("POST", `/api/admin/reports/${id}/state`, { token, body: { state }, version });
  }
});
