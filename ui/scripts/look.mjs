/**
 * Takes pictures of the screens on the floor in memory, to be looked at by people: `node scripts/look.mjs [name…]`.
 * They land in `ui/.look/`. This is no test: it fails only where a page throws.
 */
import { mkdir } from "node:fs/promises";
import { chromium } from "playwright-core";
import { createServer } from "vite";

const WIDE = { width: 1280, height: 800 };
const SMALL = { width: 1024, height: 600 };
const TALL = { width: 1080, height: 1920 };
const DESK = { width: 1440, height: 900 };

/** A finger on each of these in turn, once the screen takes one. */
async function tap(page, ...names) {
  for (const name of names) await page.locator(`[data-guard='open'] [data-testid='${name}']`).click();
}

/** name, address, size, and what to do before the picture is taken. */
const SHOTS = [
  ["doors", "/?scene=x", WIDE],
  ["enrol", "/kiosk?scene=enrol", WIDE],
  ["signin", "/kiosk?scene=signin", WIDE, async (page) => page.getByTestId("signin-key-7").click()],
  ["signin-tall", "/kiosk?scene=signin", TALL],
  ["signin-he", "/kiosk?scene=signin", WIDE, async (page) => page.getByTestId("language-he").click()],
  ["stations", "/kiosk?scene=stations", WIDE],
  ["stations-he", "/kiosk?scene=stations&lang=he", WIDE],
  ["resume", "/kiosk?scene=resume", WIDE],
  ["handover", "/kiosk?scene=handover", WIDE],
  ["work", "/kiosk?scene=work", WIDE],
  ["work-he", "/kiosk?scene=work&lang=he", WIDE],
  ["work-tall", "/kiosk?scene=work&status=setup", TALL],
  ["work-stop", "/kiosk?scene=work&status=stop", WIDE],
  ["work-offline", "/kiosk?scene=offline&status=malfunction", WIDE],
  ["work-strip", "/kiosk?scene=work", WIDE, async (page) => page.getByTestId("status-setup").click()],
  ["work-reasons", "/kiosk?scene=work", WIDE, async (page) => page.getByTestId("status-material").click()],
  ["work-end", "/kiosk?scene=work", WIDE, async (page) => page.getByTestId("end-session").click()],
  ["work-bare", "/kiosk?scene=work&status=stop&item=0", WIDE],
  ["work-small", "/kiosk?scene=work", SMALL],
  ["work-called", "/kiosk?scene=called", WIDE],
  ["work-asked", "/kiosk?scene=asked&status=stop", WIDE],
  ["work-asked-he", "/kiosk?scene=asked&status=stop&lang=he", WIDE],
  ["work-malfunction", "/kiosk?scene=work", WIDE, async (page) => page.getByTestId("malfunction").click()],
  ["items", "/kiosk?scene=work&status=stop", WIDE, async (page) => page.getByTestId("choose-item").click()],
  ["items-he", "/kiosk?scene=work&status=stop&lang=he", WIDE, async (page) => page.getByTestId("choose-item").click()],
  ["items-tall", "/kiosk?scene=work&status=stop", TALL, async (page) => page.getByTestId("choose-item").click()],
  [
    "items-search",
    "/kiosk?scene=work&status=stop",
    SMALL,
    async (page) => {
      await tap(page, "choose-item", "items-search", "items-key-4", "items-key-1");
    },
  ],
  ["items-offline", "/kiosk?scene=offline&status=stop", WIDE, async (page) => page.getByTestId("choose-item").click()],
  ["count", "/kiosk?scene=work", WIDE, async (page) => tap(page, "count", "count-key-4", "count-key-2")],
  [
    "count-scrap",
    "/kiosk?scene=work",
    WIDE,
    async (page) =>
      tap(page, "status-setup", "count-plus-50", "count-scrap", "count-key-3", "scrap-reason-reason-tool"),
  ],
  [
    "count-scrap-he",
    "/kiosk?scene=work&lang=he",
    WIDE,
    async (page) =>
      tap(page, "status-setup", "count-plus-50", "count-scrap", "count-key-3", "scrap-reason-reason-tool"),
  ],
  ["count-small", "/kiosk?scene=work", SMALL, async (page) => tap(page, "count", "count-scrap", "count-key-3")],
  ["count-tall", "/kiosk?scene=work", TALL, async (page) => tap(page, "count", "count-scrap", "count-key-3")],
  ["approval", "/kiosk?scene=approval&item=2&status=stop", WIDE],
  [
    "approval-ask",
    "/kiosk?scene=approval&item=2&status=stop",
    WIDE,
    async (page) => page.getByTestId("approval-open").click(),
  ],
  [
    "approval-he",
    "/kiosk?scene=approval&item=2&status=stop&standing=pending&lang=he",
    WIDE,
    async (page) => page.getByTestId("approval-open").click(),
  ],
  ["call", "/kiosk?scene=called", WIDE, async (page) => page.getByTestId("call").click()],
  ["call-he", "/kiosk?scene=called&lang=he", WIDE, async (page) => page.getByTestId("call").click()],
  [
    "checklist",
    "/kiosk?scene=checklist",
    WIDE,
    async (page) => tap(page, "station-L-01", "check-guard", "check-coolant", "check-key-4"),
  ],
  [
    "checklist-he",
    "/kiosk?scene=checklist&lang=he",
    WIDE,
    async (page) => tap(page, "station-L-01", "check-guard", "check-remark"),
  ],
  ["handover-count", "/kiosk?scene=handover", WIDE, async (page) => page.getByTestId("handover").click()],
  ["unsaid", "/kiosk?scene=unsaid", WIDE],
  ["unsaid-he", "/kiosk?scene=unsaid&lang=he", WIDE, async (page) => tap(page, "count")],
  ["message", "/kiosk?scene=message", WIDE],
  ["alone", "/kiosk?scene=alone", WIDE],
  ["alone-he", "/kiosk?scene=alone&lang=he&disk", WIDE],
  ["signin-alone", "/kiosk?scene=signin-alone", WIDE],
  ["provisional", "/kiosk?scene=provisional", WIDE],
  [
    "provisional-time",
    "/kiosk?scene=provisional",
    WIDE,
    async (page) => tap(page, "provisional-ended", "end-key-0", "end-key-7", "end-key-4"),
  ],
  ["provisional-he", "/kiosk?scene=provisional&lang=he", WIDE, async (page) => tap(page, "provisional-ended")],
  ["quarantined", "/kiosk?scene=quarantined", WIDE],
  ["quarantined-he", "/kiosk?scene=quarantined&lang=he", WIDE],
  ["asked-count", "/kiosk?scene=asked", WIDE, async (page) => tap(page, "count")],
  ["transferred", "/kiosk?scene=transferred", WIDE],
  ["closed", "/kiosk?scene=closed", WIDE],
  ["login", "/desk?scene=login", DESK],
  ["board", "/desk?scene=board&count=23", DESK],
  ["board-he", "/desk?scene=board&count=23&group=area", DESK, async (page) => page.getByTestId("language-he").click()],
  ["board-area", "/desk?scene=board&count=23&group=area", DESK],
  ["board-table", "/desk?scene=board&count=2000&view=table", DESK],
  [
    "board-table-he",
    "/desk?scene=board&count=40&view=table&group=state",
    DESK,
    async (page) => page.getByTestId("language-he").click(),
  ],
  ["board-stale", "/desk?scene=board", DESK, async (page) => page.evaluate(() => window.fakeHost.tellState("stale"))],
  [
    "board-polling",
    "/desk?scene=board",
    DESK,
    async (page) => page.evaluate(() => window.fakeHost.tellState("polling")),
  ],
  ["board-session", "/desk?scene=board", DESK, async (page) => page.getByTestId("board-open-M-01").click()],
  [
    "board-session-he",
    "/desk?scene=board&view=table",
    DESK,
    async (page) => {
      await page.getByTestId("language-he").click();
      await page.getByTestId("board-open-M-01").click();
    },
  ],
  ["waiting", "/desk?scene=board#waiting", DESK],
  [
    "quarantine",
    "/desk?scene=board#quarantine",
    DESK,
    async (page) => {
      await page.getByTestId("preview-q-0").click();
      await page.getByTestId("figures-q-0").waitFor();
    },
  ],
  [
    "quarantine-he",
    "/desk?scene=board#quarantine",
    DESK,
    async (page) => {
      await page.getByTestId("place-board").click();
      await page.getByTestId("language-he").click();
      await page.getByTestId("place-quarantine").click();
      await page.locator("[data-testid^='why-']").first().fill("נבדק");
      await page.getByTestId("edit-q-0-b").click();
    },
  ],
  ["statuses", "/desk?scene=board#statuses", DESK],
  ["jobs", "/desk?scene=board#jobs", DESK],
  ["reports", "/desk?scene=board#reports", DESK],
  ["board-empty", "/desk?scene=board&count=0", DESK],
  ["board-help", "/desk?scene=board", DESK, async (page) => page.keyboard.press("?")],
];

const wanted = process.argv.slice(2);
const server = await createServer({ mode: "development", server: { port: 0 }, logLevel: "error" });
await server.listen();
const base = server.resolvedUrls.local[0].replace(/\/$/, "");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
await mkdir(".look", { recursive: true });
let failed = false;
for (const [name, address, viewport, prepare] of SHOTS) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const context = await browser.newContext({ viewport, locale: "en-GB" });
  const page = await context.newPage();
  page.on("pageerror", (error) => {
    failed = true;
    console.error(`${name}: ${error.message}`);
  });
  page.on("console", (message) => message.type() === "error" && console.error(`${name}: ${message.text()}`));
  await page.goto(base + address);
  await page.locator("main, [data-testid]").first().waitFor();
  await page.waitForTimeout(700);
  if (prepare) {
    await prepare(page);
    await page.waitForTimeout(400);
  }
  await page.screenshot({ path: `.look/${name}.png` });
  await context.close();
  console.log(name);
}
await browser.close();
await server.close();
process.exitCode = failed ? 1 : 0;
