/**
 * Screens to look at: `?scene=work`, `?scene=board` … on the dev server. Never in a production build.
 */
import type { ApprovalStanding } from "../generated/ApprovalStanding";
import type { Checklist } from "../generated/Checklist";
import type { Notification } from "../generated/Notification";
import type { QuarantineEntry } from "../generated/QuarantineEntry";
import type { Session } from "../generated/Session";
import {
  FakeHost,
  fakeCall,
  fakeMessage,
  fakeQuarantine,
  fakeReport,
  fakeSession,
  fakeStatusEvent,
  ownSession,
  working,
} from "./fake";
import { emptyFloor } from "./floor";
import type { Host } from "./types";

const MINUTE = 60_000;

function ago(ms: number): string {
  return new Date(Date.now() - ms).toISOString();
}

/** A floor on which something is going on everywhere. */
function busySessions(count: number): Session[] {
  const floor = emptyFloor();
  const made: Session[] = [];
  for (let n = 0; n < count; n += 1) {
    const base = floor.stations[n % floor.stations.length];
    const worker = floor.workers[n % floor.workers.length];
    const status = floor.statuses[[0, 0, 1, 0, 2, 4, 0, 3, 0, 1, 5, 0][n % 12] ?? 0];
    if (!base || !worker || !status) continue;
    const code = n < floor.stations.length ? base.code : `${base.code}-${Math.floor(n / floor.stations.length)}`;
    const session = fakeSession(worker, { ...base, id: `station-${code}`, code }, status, ago((n + 1) * 3.7 * MINUTE));
    session.jobNumber = n % 5 === 4 ? null : `J-${20410 + n}`;
    session.jobItemName = n % 5 === 4 ? null : (["Flange 80", "Shaft 12", "Housing", "Cover"][n % 4] ?? null);
    session.totals = { good: (n * 37) % 412, scrap: n % 7 };
    if (n % 12 === 8) Object.assign(session, { contact: "stale", lastContactAt: ago(MINUTE) });
    if (n % 12 === 6) Object.assign(session, { contact: "lost", lastContactAt: ago(4 * MINUTE) });
    made.push(session);
  }
  return made;
}

/** What waits for a supervisor there: one of each kind. */
function ringing(sessions: readonly Session[]): Notification[] {
  const kinds = ["malfunction", "call", "approval", "quarantine", "missingCount"] as const;
  const texts = ["smells burnt", "please come", "J-20411 · Shaft 12", "outside_epoch", "Flange 80"];
  return kinds.flatMap((kind, at): Notification[] => {
    const session = sessions[at];
    if (!session) return [];
    const { id: sessionId, stationId, stationCode, stationName, workerName } = session;
    const where = { stationId, stationCode, stationName, workerName, sessionId };
    const escalatedAt = kind === "call" ? ago(MINUTE) : null;
    const text = texts[at] ?? null;
    return [
      {
        id: `ring-${at}`,
        kind,
        since: ago((14 - at) * MINUTE),
        escalatedAt,
        seenAt: null,
        labels: null,
        text,
        ...where,
      },
    ];
  });
}

/** What lies in quarantine there. */
function undecided(sessions: readonly Session[]): QuarantineEntry[] {
  return sessions.slice(3, 5).flatMap(({ id: sessionId, workerName, stationName }, group) => {
    const shared = { sessionId, workerName, stationName };
    const action = (minutes: number) => ({ seq: 1, occurredAt: ago(minutes * MINUTE) });
    return [
      fakeQuarantine({ ...shared, id: `q-${group}`, seq: 1, occurredAt: ago(14 * MINUTE) }),
      fakeQuarantine({
        ...shared,
        id: `q-${group}-b`,
        seq: 2,
        path: "/api/status-events",
        body: { statusDefinitionId: "status-setup", note: "new tool", action: action(9) },
        occurredAt: ago(9 * MINUTE),
        problem: { code: "SESSION_NOT_ACTIVE" },
      }),
    ];
  });
}

function figures(good: number, endedAt: string) {
  const statuses = [{ statusDefinitionId: "s", labels: { en: "Setup", he: "כיוון" }, timeMs: good * 10_000 }];
  return { startedAt: ago(83 * MINUTE), endedAt, totals: { good, scrap: 2 }, statuses, unknownMs: 0 };
}

const checklist: Checklist = {
  id: "list-1",
  name: "Before the shift",
  version: 3,
  active: true,
  items: [
    { id: "guard", labels: { en: "Guard closed", he: "מגן סגור" }, kind: "check", required: true },
    {
      id: "coolant",
      labels: { en: "Coolant level (mm)", he: "גובה נוזל קירור (מ״מ)" },
      kind: "number",
      required: true,
    },
    { id: "clean", labels: { en: "Machine clean", he: "המכונה נקייה" }, kind: "check", required: false },
    { id: "remark", labels: { en: "Anything unusual?", he: "משהו חריג?" }, kind: "text", required: false },
  ],
};

export function openScene(search: string): Host {
  const wanted = new URLSearchParams(search);
  const scene = wanted.get("scene") ?? "";
  const floor = emptyFloor();
  const host = new FakeHost(floor, (wanted.get("doors") as Host["doors"] | null) ?? "both");
  const [noa, daniel] = floor.workers;
  const [lathe] = floor.stations;
  const status = floor.statuses.find(({ key }) => key === (wanted.get("status") ?? "production"));
  Object.assign(window, { fakeHost: host });
  if (!noa || !daniel || !lathe || !status) return host;
  const idle = { ...fakeSession(noa, lathe, status, ago(83 * MINUTE)), lastStatusChangeAt: ago(12.3 * MINUTE) };
  const item = floor.items[Number(wanted.get("item") ?? 1) - 1];
  const session = item ? { ...working(idle, item), totals: { good: 84, scrap: 2 } } : idle;
  const work = () => host.show({ worker: noa, session: ownSession(session) });
  const language = wanted.get("lang");
  if (language) noa.language = language;

  switch (scene) {
    case "enrol":
      host.show({ kiosk: null });
      break;
    case "stations": {
      const [, second, third] = floor.stations;
      if (second) second.occupancy = { workerName: daniel.name, since: ago(47 * MINUTE), contact: "online" };
      if (third) third.occupancy = { workerName: "Omar Haddad", since: ago(9 * MINUTE), contact: "lost" };
      host.show({ worker: noa });
      break;
    }
    case "resume":
      host.show({
        worker: noa,
        resumable: { session, graceExpiresAt: new Date(Date.now() + 214_000).toISOString(), here: wanted.has("here") },
      });
      break;
    case "handover":
      work();
      host.show({ worker: daniel });
      break;
    case "work":
      work();
      break;
    case "offline":
      work();
      host.show({
        link: { state: "offline", since: ago(5 * MINUTE) },
        waiting: 3,
        lastAction: { seq: 3, state: "saved", problem: null },
      });
      break;
    case "unsaid":
      work();
      host.show({
        unsaid: [
          { seq: 1, kind: "status", state: "late", problem: null, at: ago(40 * MINUTE), worker: daniel.name },
          { seq: 2, kind: "count", state: "quarantined", problem: null, at: ago(32 * MINUTE), worker: daniel.name },
          {
            seq: 3,
            kind: "status",
            state: "refused",
            problem: { code: "APPROVAL_REQUIRED", detail: "" },
            at: ago(5 * MINUTE),
            worker: noa.name,
          },
          { seq: 4, kind: "report", state: "parked", problem: null, at: ago(4 * MINUTE), worker: noa.name },
        ],
      });
      break;
    case "message":
      work();
      host.show({ messages: [fakeMessage(ago(3 * MINUTE))] });
      break;
    case "alone":
      work();
      host.show({
        link: { state: "offline", since: ago(5 * MINUTE) },
        unverified: true,
        session: { ...ownSession({ ...session, startedOffline: true }), unsent: true },
        disk: wanted.has("disk") ? { code: "DISK", detail: "" } : null,
        provisions: { knownAsOf: ago(50 * MINUTE), offlineStart: true },
      });
      break;
    case "signin-alone":
      host.show({
        link: { state: "offline", since: ago(5 * MINUTE) },
        provisions: { knownAsOf: ago(50 * MINUTE), offlineStart: true },
      });
      break;
    case "provisional":
      host.show({
        worker: noa,
        provisional: { ...session, status: "completed", closeReason: "idle", endedAt: ago(20 * MINUTE) },
      });
      break;
    case "quarantined":
      work();
      host.show({
        session: null,
        waiting: 2,
        ended: {
          kind: "quarantined",
          sessionId: session.id,
          problem: { code: "STATION_OCCUPIED", detail: "" },
          waiting: 5,
        },
        unsaid: [
          { seq: 1, kind: "open", state: "quarantined", problem: null, at: ago(40 * MINUTE), worker: noa.name },
          { seq: 2, kind: "status", state: "quarantined", problem: null, at: ago(39 * MINUTE), worker: noa.name },
          { seq: 3, kind: "count", state: "quarantined", problem: null, at: ago(32 * MINUTE), worker: noa.name },
        ],
      });
      break;
    case "called":
      work();
      host.requests = {
        ...host.requests,
        call: { ...fakeCall(session, ago(2 * MINUTE)), state: "seen", seenAt: ago(MINUTE), seenBy: "dana" },
      };
      break;
    case "approval":
      work();
      host.requests = { ...host.requests, standing: (wanted.get("standing") ?? "needed") as ApprovalStanding };
      break;
    case "asked":
      work();
      host.show({ session: ownSession({ ...session, askedAt: ago(2 * MINUTE) }) });
      break;
    case "checklist":
      floor.checklists = { start: checklist, end: checklist };
      host.show({ worker: noa });
      break;
    case "transferred":
      work();
      host.show({ waiting: 2 });
      host.transfer("Kiosk 7");
      break;
    case "closed":
      work();
      host.close("idle");
      break;
    case "board":
      floor.sessions = busySessions(Number(wanted.get("count") ?? 12));
      host.user = { user: { id: "u", username: "dana", name: "Dana", role: "supervisor" }, expiresAt: ago(-MINUTE) };
      host.notifications = ringing(floor.sessions);
      host.statusEvents = floor.sessions.map((each) => fakeStatusEvent(each));
      host.reports = floor.sessions.slice(3, 7).map((each, at) => fakeReport(each, { id: `report-${at}` }));
      host.answers.set("GET /api/admin/calls", () => ({ items: [], nextCursor: null }));
      host.answers.set("GET /api/admin/kiosks", () => ({ items: [], nextCursor: null }));
      host.answers.set("GET /api/admin/presets", () => ({ items: [], nextCursor: null }));
      host.answers.set("GET /api/admin/status-definitions", () => ({
        items: floor.statuses.map((each) => ({ ...each, stationId: null, position: 0, active: true, version: 1 })),
        nextCursor: null,
      }));
      host.answers.set("GET /api/admin/quarantine", () => ({ items: undecided(floor.sessions), nextCursor: null }));
      host.answers.set("POST /api/admin/quarantine/q-0/preview", () => ({
        before: figures(84, ago(20 * MINUTE)),
        after: figures(91, ago(4 * MINUTE)),
      }));
      for (const [at, mark] of [
        { recoveredAt: ago(8 * MINUTE) },
        { startedOffline: true },
        { reasonMissingFrom: ago(MINUTE) },
      ].entries()) {
        Object.assign(floor.sessions[at] ?? {}, mark);
      }
      setInterval(() => host.tell("heartbeat", {}), 4_000);
      break;
  }
  return host;
}
