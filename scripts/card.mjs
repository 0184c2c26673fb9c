// What `make run` says at its end, and the two small questions it asks on the way.
// Node is there anyway; so neither jq nor curl has to be installed.
//
//   node scripts/card.mjs READY_FILE DATA_FOLDER LOG_FILE window|none|running
//   node scripts/card.mjs --enrolment READY_FILE    the window's enrolment, as JSON
//   node scripts/card.mjs --is-millrace URL         exit 0 if a Millrace server answers there

import { readFileSync } from "node:fs";

const languages = new Intl.DisplayNames("en", { type: "language" });
const patience = () => AbortSignal.timeout(2000);

function readyLine(file) {
  const line = readFileSync(file, "utf8").split("\n").find((text) => text.includes('"ready":true'));
  if (line === undefined) throw new Error(`${file} has no ready line`);
  return JSON.parse(line);
}

async function isMillrace(url) {
  try {
    // Health is the one question that every caller may ask.
    const answer = await fetch(`${url}/healthz`, { signal: patience() });
    return ["ok", "starting", "stopping"].includes((await answer.json()).status);
  } catch {
    return false;
  }
}

/** What the shell reads with --enrolment-file: the first kiosk of the demo floor, at a station left alone. */
function enrolment(ready) {
  const kiosk = ready.kiosks[0];
  const station = ready.stations.find((candidate) => candidate.code === kiosk.stationCode);
  return {
    serverUrl: ready.url,
    kioskId: kiosk.id,
    kioskName: kiosk.name ?? `Kiosk ${kiosk.stationCode}`,
    token: kiosk.token,
    stationId: station?.id ?? null,
  };
}

/** A code that makes a browser a kiosk; null where the server won't give one. */
async function browserCode(ready, url) {
  try {
    const post = (path, body, token) =>
      fetch(url + path, {
        method: "POST",
        headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify(body),
        signal: patience(),
      }).then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))));
    const login = await post("/api/admin/login", ready.admin);
    const station = ready.stations.find((candidate) => candidate.code === ready.kiosks[1]?.stationCode);
    const made = await post(
      "/api/admin/enrolment-codes",
      { kioskName: "Kiosk in a browser", ...(station && { stationId: station.id }) },
      login.token,
    );
    return made.code;
  } catch {
    return null;
  }
}

async function card(ready, data, log, shown) {
  const { url } = ready;
  const code = await browserCode(ready, url);
  const workers = ready.workers.slice(0, 3);
  const nameOf = ({ code, pin, name, language }) =>
    `${code}  ${pin ? `PIN ${pin}` : "no PIN  "}  ${name ?? ""}${language && language !== "en" ? `, reads ${languages.of(language)}` : ""}`;
  const first = workers[0];
  const station = ready.kiosks[0]?.stationCode;
  const kioskLines = {
    window: [`the window on your screen, at station ${station}`, `in a browser, too: ${url}/kiosk`],
    running: ["`make window` brings the window, where there is a display", `in a browser: ${url}/kiosk`],
    none: [`${url}/kiosk in a browser`],
  }[shown];
  const lines = [
    `Board        ${url}/desk`,
    `             sign in as ${ready.admin.username}, password ${ready.admin.password}`,
    "",
    `Kiosk        ${kioskLines[0]}`,
    ...kioskLines.slice(1).map((line) => `             ${line}`),
    ...(code ? [`             enter this code there, once: ${code}`] : []),
    ...workers.map((worker, index) => `${index === 0 ? "Workers      " : "             "}${nameOf(worker)}`),
    "",
    "Try first    1  Open the board and sign in: the floor plays by itself.",
    `             2  At the kiosk sign in as ${first.code}${first.pin ? ` with PIN ${first.pin}` : ""}, choose station ${station}.`,
    "             3  Touch a status. The station's tile on the board follows at once.",
    "",
    `Data folder  ${data}`,
    `Server's log ${log}`,
    "End          Ctrl-C where it was started",
    "Start afresh make reset, then make run",
  ];
  const width = Math.max(...lines.map((line) => line.length)) + 2;
  const rule = "─".repeat(width);
  console.log(`\n┌${rule}┐`);
  for (const line of lines) console.log(`│ ${line.padEnd(width - 1)}│`);
  console.log(`└${rule}┘\n`);
}

const [first, ...rest] = process.argv.slice(2);
if (first === "--is-millrace") {
  process.exitCode = (await isMillrace(rest[0])) ? 0 : 1;
} else if (first === "--enrolment") {
  console.log(JSON.stringify(enrolment(readyLine(rest[0])), null, 2));
} else {
  await card(readyLine(first), ...rest);
}
