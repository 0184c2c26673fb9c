/**
 * A kiosk that was away comes back: the last tap is taken back, a session closed for want of contact goes on with
 * what was tapped meanwhile, and what comes too late lies with a supervisor, who decides.
 */
import {
  admin,
  call,
  check,
  enrol,
  floor,
  goToWork,
  openBoard,
  order,
  part,
  picture,
  tap,
  withBrowser,
} from "./floor.mjs";

await withBrowser(async (person) => {
  const context = await person();
  const kiosk = await context.newPage();
  await enrol(kiosk, 0, "Far away");
  await goToWork(kiosk, 0);
  const token = await admin();
  const active = async () =>
    (await call("GET", "/api/admin/dashboard/active-sessions/stream?snapshot=1", { token })).sessions;
  const record = (id) => call("GET", `/api/admin/sessions/${id}`, { token });
  const [{ id }] = await active();

  // Taken back within ten seconds: what was before goes on, and history keeps no stretch of it.
  await tap(kiosk, "status-setup");
  await part(kiosk, "state-word", "[data-key='setup']").waitFor();
  await picture(kiosk, "back-1-undo");
  await tap(kiosk, "undo");
  await part(kiosk, "state-word", "[data-key='stop']").waitFor();
  await part(kiosk, "waiting", "[data-count='0']").waitFor();
  const undone = (await record(id)).statusEvents.filter(({ voided }) => !voided);
  check(undone.length === 1 && undone[0].endedAt === null, `one stretch: ${JSON.stringify(undone)}`);

  // Away for longer than the server waits; what is tapped is saved here.
  await context.setOffline(true);
  await tap(kiosk, "status-cleaning");
  await part(kiosk, "waiting", "[data-count='1']").waitFor();
  await part(kiosk, "link-state", "[data-state='offline']").waitFor();
  await order("six minutes");
  check((await active()).length === 0, "the server has closed it");
  check((await record(id)).session.provisional, "for want of contact only");
  await context.setOffline(false);
  await part(kiosk, "waiting", "[data-count='0']").waitFor();
  await part(kiosk, "state-word", "[data-key='cleaning']").waitFor();
  const [back] = await active();
  check(back?.id === id && back.recoveredAt !== null, `it is back: ${JSON.stringify(back)}`);
  check((await part(kiosk, "closed").count()) === 0, "the worker saw no screen of loss");

  // Away again; meanwhile somebody else begins there.
  await context.setOffline(true);
  await tap(kiosk, "status-setup");
  await part(kiosk, "waiting", "[data-count='1']").waitFor();
  await order("six minutes");
  const other = floor.kiosks[0];
  const [worker] = [floor.workers[1]];
  const login = { workerCode: worker.code, ...(worker.pin ? { pin: worker.pin } : {}) };
  await call("POST", "/api/workers/login", { token: other.token, body: login });
  const stationId = floor.stations.find(({ code }) => code === other.stationCode).id;
  const instanceId = crypto.randomUUID();
  const opening = { stationId, instanceId };
  await call("POST", "/api/sessions", { token: other.token, worker: worker.code, body: opening });
  // What was tapped before that is late, what is tapped now lies outside of this session's time. When it was tapped
  // is known to half of what a call takes: that much has to lie between, and no clock can be turned for it.
  await kiosk.waitForTimeout(3_000);
  await tap(kiosk, "status-cleaning");
  await part(kiosk, "waiting", "[data-count='2']").waitFor();
  await context.setOffline(false);
  await part(kiosk, "closed").waitFor();
  await part(kiosk, "ended-entries", "[data-waiting='0']").waitFor();
  await picture(kiosk, "back-2-closed");
  // A reload says it still.
  await kiosk.reload();
  await part(kiosk, "closed").waitFor();
  await tap(kiosk, "ended-back");
  await part(kiosk, "signin-code").waitFor();

  const late = (await record(id)).statusEvents.filter(({ status }) => status.key === "setup");
  check(
    late.some(({ voided }) => !voided),
    `what was late is in history: ${JSON.stringify(late)}`,
  );

  // The rest is a supervisor's to decide.
  const desk = await (await person()).newPage();
  await openBoard(desk);
  await part(desk, "quarantine-count", "[data-count='1']").waitFor();
  await part(desk, "place-quarantine").click();
  await part(desk, `why-${id}`).fill("seen");
  await picture(desk, "back-3-quarantine");
  await part(desk, `reject-all-${id}`).click();
  await part(desk, `quarantine-of-${id}`).waitFor({ state: "detached" });
  await part(desk, "quarantine-count").waitFor({ state: "detached" });
});
