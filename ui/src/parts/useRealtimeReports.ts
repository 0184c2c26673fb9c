/** Reports as they are made and change, of one kind or of all. */
import type { Report } from "../generated/Report";
import type { ReportKind } from "../generated/ReportKind";
import type { Rows } from "../state/rows";
import { reports } from "../state/topics";
import { useTopic } from "./useTopic";

export function useRealtimeReports(kind: ReportKind | "all"): Rows<Report> {
  return useTopic(reports[kind]);
}
