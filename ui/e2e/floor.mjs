/**
 * What the browser tests share: Chromium, the floor that the Rust test has started, and the words between the two.
 *
 * The test starts the server and then a script here. It writes the floor as one line of JSON to the script's
 * stdin; a script that wants the server killed or started again says so in a line on stdout, and waits for the
 * answering line. Nothing here sleeps for a set time: a script waits for what it sees.
 */
import { mkdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function nextLine() {
  const { value, done } = await lines.next();
  if (done) throw new Error("The test has gone away.");
  return JSON.parse(value);
}

/** The demo's ready line, with `pictures`: the folder for what people may want to look at. */
export const floor = await nextLine();
mkdirSync(floor.pictures, { recursive: true });

/** Has the test do something to the server: "kill" or "start". */
export async function order(what) {
  process.stdout.write(`${JSON.stringify({ order: what })}\n`);
  const { done } = await nextLine();
  if (done !== what) throw new Error(`The test did not ${what}.`);
}

/** A figure for people. */
export function say(text) {
  process.stdout.write(`${JSON.stringify({ say: text })}\n`);
}

export function check(isTrue, what) {
  if (!isTrue) throw new Error(what);
}

/** Calls the server as an outside client. */
export async function call(method, path, { token, body, worker, version } = {}) {
  const headers = { "content-type": "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  if (worker) headers["x-worker-code"] = worker;
  if (version) headers["if-match"] = `"${version}"`;
  const answer = await fetch(floor.url + path, { method, headers, body: body && JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`);
  return json;
}

/** A supervisor's token. */
export async function admin() {
  return (await call("POST", "/api/admin/login", { body: floor.admin })).token;
}

/** A one-time code that makes a browser the kiosk of this station. */
export async function enrolmentCode(number, kioskName) {
  const { stationCode } = floor.kiosks[number];
  const stationId = floor.stations.find(({ code }) => code === stationCode).id;
  const body = { kioskName, stationId };
  return (await call("POST", "/api/admin/enrolment-codes", { token: await admin(), body })).code;
}

/** A finger on the part with this name, once the screen takes one: a screen that has just changed takes none. */
export async function tap(page, name) {
  await page.locator(`[data-guard='open'] [data-testid='${name}']:not([data-disabled])`).click();
}

export function part(page, name, attributes = "") {
  return page.locator(`[data-testid='${name}']${attributes}`);
}

/** Makes the page's browser a kiosk. */
export async function enrol(page, number, kioskName) {
  await page.goto(`${floor.url}/kiosk`);
  await part(page, "enrol-code").fill(await enrolmentCode(number, kioskName));
  await tap(page, "enrol-submit");
  await part(page, "signin-code").waitFor();
}

/** Signs a worker of the demo in, digit by digit. */
export async function signIn(page, number) {
  const worker = floor.workers[number];
  for (const step of ["code", "pin"]) {
    if (worker[step] === null) continue;
    await part(page, "signin-code", `[data-step='${step}']`).waitFor();
    for (const digit of worker[step]) await tap(page, `signin-key-${digit}`);
    await tap(page, "signin-submit");
  }
}

/** Signed in, and at work at the station of this kiosk. */
export async function goToWork(page, number) {
  await signIn(page, number);
  await tap(page, `station-${floor.kiosks[number].stationCode}`);
  await part(page, "state-word", "[data-key='stop']").waitFor();
}

/** The board, logged in; by way of another address where one is named. */
export async function openBoard(page, url = floor.url) {
  await page.goto(`${url}/desk`);
  await part(page, "desk-username").fill(floor.admin.username);
  await part(page, "desk-password").fill(floor.admin.password);
  await part(page, "desk-submit").click();
  await part(page, "freshness", "[data-state='live']").waitFor();
}

/** Page time passes second by second until this is so, with a moment of real time in each for the network. */
export async function until(page, what, isSo) {
  const end = Date.now() + 20_000;
  while (Date.now() < end) {
    if (await isSo()) return;
    await page.clock.runFor(1_000);
    await page.waitForTimeout(100);
  }
  throw new Error(`Not in time: ${what}`);
}

export async function picture(page, name) {
  await page.screenshot({ path: `${floor.pictures}/${name}.png` });
}

/** Runs a script with a browser, and ends both. A page that throws or logs an error has failed. */
export async function withBrowser(script) {
  const args = ["--no-sandbox", "--disable-gpu"];
  const browser = await chromium.launch({ executablePath: floor.chromium, args });
  const complaints = [];
  let opened = null;
  /** A browser of its own: no cookie and no disk in common with the others. */
  const person = async (options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", ...options });
    context.setDefaultTimeout(20_000);
    context.on("page", (page) => {
      opened = page;
      page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.stack}`));
    });
    return context;
  };
  try {
    await script(person);
    if (complaints.length > 0) throw new Error(complaints.join("\n"));
  } catch (error) {
    if (opened && !opened.isClosed()) await picture(opened, "browser-failed").catch(() => {});
    throw new Error([error.stack, ...complaints].join("\n"));
  } finally {
    await browser.close();
  }
  // The answers' pipe is open as long as the test lives.
  process.exit(0);
}
