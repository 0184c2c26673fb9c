// Plays one worker at the real window and takes the two pictures. Started by scripts/screenshots.

import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const { chromium } = createRequire(new URL("../ui/package.json", import.meta.url))("playwright-core");
const folder = process.argv[2];
const driverUrl = "http://127.0.0.1:4644";
const running = [];

function start(program, ...args) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  running.push(child);
  return child;
}

async function demoFloor() {
  const server = start(
    "target/debug/millrace-server", "demo", "--alive", "--data-dir", `${folder}/demo`, "--listen", "127.0.0.1:0",
  );
  for await (const line of createInterface({ input: server.stdout })) {
    if (line.includes('"ready":true')) return JSON.parse(line);
  }
  throw new Error("the server ended before it was ready");
}

/** One WebDriver command; waits for an element that is not there yet. */
async function driver(method, path, body) {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(driverUrl + path, { method, ...(body && { body: JSON.stringify(body) }) }).catch(() => null);
    const value = answer && (await answer.json()).value;
    if (value !== null && !value?.error) return value;
    if (answer?.ok && value === null) return null;
    if (tries > 75) throw new Error(`${method} ${path}: ${value?.message ?? "no driver"}`);
    await sleep(200);
  }
}

async function kioskPicture(ready) {
  const kiosk = ready.kiosks[0];
  const worker = ready.workers.find((candidate) => candidate.pin !== null) ?? ready.workers[0];
  writeFileSync(
    `${folder}/enrolment.json`,
    JSON.stringify({
      serverUrl: ready.url,
      kioskId: kiosk.id,
      kioskName: `Kiosk ${kiosk.stationCode}`,
      token: kiosk.token,
      stationId: ready.stations.find((station) => station.code === kiosk.stationCode).id,
    }),
    { mode: 0o600 },
  );
  start("tauri-driver", "--port", "4644", "--native-port", "4645");
  const { sessionId } = await driver("POST", "/session", {
    capabilities: {
      alwaysMatch: {
        "tauri:options": {
          application: `${process.cwd()}/target/debug/millrace-kiosk`,
          args: ["--role", "kiosk", "--data-dir", `${folder}/kiosk`, "--enrolment-file", `${folder}/enrolment.json`],
        },
      },
    },
  });
  const session = `/session/${sessionId}`;
  await driver("POST", `${session}/window/rect`, { x: 0, y: 0, width: 1280, height: 800 });
  const picture = async (path) => writeFileSync(path, Buffer.from(await driver("GET", `${session}/screenshot`), "base64"));
  const touch = async (id) => {
    const found = await driver("POST", `${session}/element`, {
      using: "css selector",
      value: `[data-testid="${id}"]`,
    }).catch(async () => {
      await picture("target/logs/screenshots.png");
      throw new Error(`there is no ${id} on the screen: see target/logs/screenshots.png`);
    });
    await sleep(800); // a new screen ignores touches for half a second
    await driver("POST", `${session}/element/${Object.values(found)[0]}/click`, {});
  };
  const type = async (digits) => {
    for (const digit of digits) await touch(`signin-key-${digit}`);
    await touch("signin-submit");
  };
  await type(worker.code);
  if (worker.pin) await type(worker.pin);
  await touch(`station-${kiosk.stationCode}`);
  await touch("status-production");
  await sleep(12_000); // so that the time in state says something, and the strip is gone
  await picture("docs/images/kiosk.png");
  return () => driver("DELETE", session);
}

async function boardPicture(ready) {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${ready.url}/desk`);
  await page.getByTestId("desk-username").fill(ready.admin.username);
  await page.getByTestId("desk-password").fill(ready.admin.password);
  await page.keyboard.press("Enter");
  await page.getByTestId("board").waitFor();
  await sleep(3000);
  await page.screenshot({ path: "docs/images/board.png" });
  await browser.close();
}

try {
  const ready = await demoFloor();
  await sleep(20_000); // the floor fills up
  const close = await kioskPicture(ready);
  await boardPicture(ready);
  await close();
  for (const name of ["kiosk", "board"]) {
    console.log(`docs/images/${name}.png  ${Math.round(readFileSync(`docs/images/${name}.png`).length / 1024)} KB`);
  }
} finally {
  for (const child of running) child.kill("SIGTERM");
}
