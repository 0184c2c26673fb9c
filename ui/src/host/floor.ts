/** The floor that tests and pictures use: invented machines, people and statuses. */
import type { MachineState } from "../generated/MachineState";
import type { ReasonWanted } from "../generated/ReasonWanted";
import type { StationChoice } from "../generated/StationChoice";
import type { StationJobItem } from "../generated/StationJobItem";
import type { StatusDefinition } from "../generated/StatusDefinition";
import type { TimeClass } from "../generated/TimeClass";
import type { FakeFloor, FakeWorker } from "./fake";

function status(
  key: string,
  labels: { en: string; he: string },
  color: string,
  machineState: MachineState,
  timeClass: TimeClass,
  reasonWanted: ReasonWanted = "never",
): StatusDefinition {
  return {
    id: `status-${key}`,
    key,
    labels,
    color,
    machineState,
    timeClass,
    reasonWanted,
    reportType: key === "malfunction" ? "malfunction" : "none",
    protected: ["production", "stop", "malfunction", "other"].includes(key),
  };
}

export const statuses: StatusDefinition[] = [
  status("production", { en: "Production", he: "ייצור" }, "#1B7A3D", "production", "production"),
  status("setup", { en: "Setup", he: "כיוון" }, "#1D5FB8", "setup", "setup"),
  status("stop", { en: "Stopped", he: "עצירה" }, "#F5B301", "stoppage", "unplannedStop", "later"),
  status("material", { en: "Waiting for material", he: "ממתין לחומר" }, "#F5B301", "stoppage", "unplannedStop", "now"),
  status("malfunction", { en: "Malfunction", he: "תקלה" }, "#C62828", "stoppage", "unplannedStop"),
  status("cleaning", { en: "Cleaning", he: "ניקוי" }, "#5F6B7A", "stoppage", "plannedStop"),
];

const MACHINES: ReadonlyArray<[code: string, name: string, type: string, area: string]> = [
  ["L-01", "Lathe Okuma 1", "Lathe", "Turning"],
  ["L-02", "Lathe Okuma 2", "Lathe", "Turning"],
  ["L-03", "Lathe Mori", "Lathe", "Turning"],
  ["M-01", "Mill DMG 50", "Mill", "Milling"],
  ["M-02", "Mill DMG 60", "Mill", "Milling"],
  ["M-03", "Mill Haas", "Mill", "Milling"],
  ["G-01", "Grinder", "Grinder", "Finishing"],
  ["W-01", "Washing line", "Washer", "Finishing"],
  ["A-01", "Assembly bench 1", "Bench", "Assembly"],
  ["A-02", "Assembly bench 2", "Bench", "Assembly"],
  ["P-01", "Press brake", "Press", "Sheet metal"],
  ["P-02", "Laser cutter", "Laser", "Sheet metal"],
];

export const stations: StationChoice[] = MACHINES.map(([code, name, type, area]) => ({
  id: `station-${code}`,
  code,
  name,
  type,
  areaId: `area-${area}`,
  area,
  active: true,
  attended: true,
  minorStopMs: null,
  untouchedMs: null,
  startChecklistId: null,
  endChecklistId: null,
  version: 1,
  occupancy: null,
  outsideAssignment: false,
}));

const PEOPLE = ["Noa Levi", "Daniel Katz", "Yael Mizrahi", "Omar Haddad", "Irina Volkova", "Eitan Bar", "Maya Cohen"];

export const workers: FakeWorker[] = PEOPLE.map((name, at) => ({
  id: `worker-${at + 1}`,
  code: String(1001 + at),
  name,
  language: name === "Yael Mizrahi" ? "he" : "en",
  ...(at === 1 ? { pin: "4711" } : {}),
}));

const ITEMS: ReadonlyArray<
  [job: string, name: string, customer: string, planned: number, good: number, scrap: number]
> = [
  ["J-20410", "Flange 80", "Alon Valves", 400, 212, 3],
  ["J-20411", "Shaft 12", "Carmel Pumps", 1200, 0, 0],
  ["J-20415", "Housing, left", "Alon Valves", 60, 58, 2],
  ["J-20417", "Cover", "Negev Hydraulics", 250, 250, 4],
];

export const items: StationJobItem[] = ITEMS.map(([jobNumber, name, customer, plannedQuantity, good, scrap], at) => ({
  id: `item-${at + 1}`,
  jobId: `job-${at + 1}`,
  jobNumber,
  customer,
  dueOn: at === 1 ? null : `2026-12-0${at + 1}`,
  name,
  plannedQuantity,
  completedGood: good,
  completedScrap: scrap,
  complete: good >= plannedQuantity,
  missing: good + scrap >= plannedQuantity ? Math.max(0, plannedQuantity - good) : 0,
  stepId: `step-${at + 1}`,
  position: 1,
  isTerminal: at !== 1,
  plannedMsPerPiece: null,
  stepGood: good,
  stepScrap: scrap,
  firstProductApproval: at === 1,
  approval: at === 1 ? "needed" : "none",
}));

/** A fresh floor on which nobody works. */
export function emptyFloor(): FakeFloor {
  return {
    stations: stations.map((station) => ({ ...station })),
    statuses,
    reasons: [
      { id: "reason-tool", labels: { en: "Tool broken", he: "כלי שבור" } },
      { id: "reason-material", labels: { en: "No material", he: "אין חומר" } },
      { id: "reason-operator", labels: { en: "No operator", he: "אין מפעיל" } },
      { id: "reason-quality", labels: { en: "Quality check", he: "בדיקת איכות" } },
      { id: "reason-hydraulics", labels: { en: "Hydraulics", he: "הידראוליקה" } },
      { id: "reason-electric", labels: { en: "Electrical fault", he: "תקלת חשמל" } },
    ],
    items: items.map((item) => ({ ...item })),
    checklists: { start: null, end: null },
    workers,
    sessions: [],
  };
}
