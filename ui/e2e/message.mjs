/** A supervisor writes to the kiosk of a session: it is shown there, confirmed, and the desk says both. */
import { enrol, floor, goToWork, openBoard, part, picture, tap, withBrowser } from "./floor.mjs";

await withBrowser(async (person) => {
  const kiosk = await (await person()).newPage();
  await enrol(kiosk, 0, "By the door");
  await goToWork(kiosk, 0);
  const desk = await (await person()).newPage();
  await openBoard(desk);
  await part(desk, `board-open-${floor.kiosks[0].stationCode}`).click();
  await part(desk, "message-open").click();
  await part(desk, "message-text").fill("Tea is ready");
  const shown = kiosk.waitForResponse(/\/api\/messages\/[^/]+\/shown$/);
  await part(desk, "message-send").click();
  await part(kiosk, "message").getByText("Tea is ready").waitFor();
  await picture(kiosk, "message-1-kiosk");
  await shown;
  // A change of the session is when the desk reads again what became of it.
  await tap(kiosk, "status-setup");
  await part(desk, "message-told").getByText("shown at").waitFor();
  await tap(kiosk, "message-confirm");
  await part(kiosk, "message").waitFor({ state: "detached" });
  await tap(kiosk, "status-cleaning");
  await part(desk, "message-told").getByText("confirmed at").waitFor();
  await picture(desk, "message-2-desk");
});
