/**
 * What a tap on the work screen leads to: which question comes next, and what is sent in the end.
 *
 * Leaving production asks for good and scrap, except on the way into a malfunction: that is two taps, and the
 * missing count is shown until it is made up.
 */
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApprovalStanding } from "../generated/ApprovalStanding";
import type { Call } from "../generated/Call";
import type { Checklist } from "../generated/Checklist";
import type { ChecklistAnswers } from "../generated/ChecklistAnswers";
import type { KioskView } from "../generated/KioskView";
import type { OwnSession } from "../generated/OwnSession";
import type { Quantities } from "../generated/Quantities";
import type { Reason } from "../generated/Reason";
import type { ReasonId } from "../generated/ReasonId";
import type { StationJobItem } from "../generated/StationJobItem";
import type { StatusDefinition } from "../generated/StatusDefinition";
import { useHost } from "../host/context";
import type { StatusChange } from "../host/types";
import { labelOf } from "../state/look";
import { produces } from "../state/trade";
import { useCommits } from "./commit";

/** A change of status on its way through the questions. */
export interface Change {
  readonly status: StatusDefinition;
  readonly quantities?: Quantities | undefined;
  readonly reasonId?: ReasonId | undefined;
}

/** What the count is for. */
export type Counting =
  | { kind: "count" }
  | { kind: "status"; status: StatusDefinition }
  | { kind: "bind"; item: StationJobItem }
  | { kind: "end" };

export type Zone =
  | { zone: "statuses" }
  /** The reason, or the report, that a status wants. */
  | { zone: "reasons"; change: Change; asks: "stop" | "malfunction" | "general" }
  /** A reason for the status that is already running. */
  | { zone: "reasonAfter" }
  /** A malfunction, while the machine is in it already. */
  | { zone: "report" }
  | { zone: "count"; counting: Counting }
  /** Chooses an item; then the machine produces, where that was the wish. */
  | { zone: "items"; next: StatusDefinition | null }
  | { zone: "checklist"; list: Checklist; quantities?: Quantities | undefined }
  | { zone: "approval" }
  | { zone: "call" };

export const STATUSES: Zone = { zone: "statuses" };

/** What has to be known to lead the worker on. */
export interface Facts {
  readonly view: KioskView;
  readonly own: OwnSession;
  readonly statuses: readonly StatusDefinition[] | undefined;
  readonly standing: ApprovalStanding;
  readonly endList: Checklist | null;
  readonly call: Call | null;
}

function mayProduce(standing: ApprovalStanding): boolean {
  return standing === "none" || standing === "approved";
}

/** The status that a malfunction leads to: the protected one, else any that wants the report. */
export function malfunctionOf(statuses: readonly StatusDefinition[]): StatusDefinition | undefined {
  const wanting = statuses.filter(({ reportType }) => reportType === "malfunction");
  return wanting.find(({ key }) => key === "malfunction") ?? wanting[0];
}

export function useWork({ view, own, statuses, standing, endList, call }: Facts, idle: boolean) {
  const { t, i18n } = useTranslation();
  const { kiosk } = useHost();
  const { commit } = useCommits();
  const { session } = own;
  const [zone, setZone] = useState<Zone>(STATUSES);
  const [ending, setEnding] = useState(false);
  const back = useCallback(() => setZone(STATUSES), []);
  // A question that somebody walked away from is not left for the next hand.
  useEffect(() => {
    if (!idle) return;
    setZone(STATUSES);
    setEnding(false);
  }, [idle]);

  const label = (status: Pick<StatusDefinition, "labels" | "key">) => labelOf(status.labels, i18n.language, status.key);
  const words = (reason: Reason) => labelOf(reason.labels, i18n.language);
  const told = (what: string) => ({ label: what, after: view.lastAction?.seq ?? 0 });
  const pieces = ({ good = 0, scrap = 0 }: Quantities) => t("count.told", { good, scrap });

  const send = (change: StatusChange, what: string) => {
    back();
    return commit(`status/${JSON.stringify(change)}`, () => kiosk.changeStatus(change), told(what));
  };
  /** Asks what the status still wants; sends it when nothing is left. */
  const enter = (change: Change) => {
    const { status, reasonId, quantities } = change;
    if (status.reasonWanted === "now" && reasonId === undefined) setZone({ zone: "reasons", change, asks: "stop" });
    else if (status.reportType !== "none") setZone({ zone: "reasons", change, asks: status.reportType });
    else {
      const wanted = {
        statusDefinitionId: status.id,
        ...(reasonId === undefined ? {} : { reasonId }),
        ...(quantities === undefined ? {} : { quantities }),
      };
      void send(wanted, label(status));
    }
  };
  const tap = (status: StatusDefinition) => {
    if (status.machineState === "production") {
      if (session.stepId === null) return setZone({ zone: "items", next: status });
      if (!mayProduce(standing)) return setZone({ zone: "approval" });
      return enter({ status });
    }
    const asksCount = produces(session) && status.reportType !== "malfunction";
    if (asksCount) setZone({ zone: "count", counting: { kind: "status", status } });
    else enter({ status });
  };
  /** A reason tile was tapped: for reports that sends it. */
  const because = (reason: Reason) => {
    if (zone.zone === "report") {
      back();
      const report = { type: "malfunction", reasonId: reason.id } as const;
      void commit(`report/${reason.id}`, () => kiosk.report(report), told(words(reason)));
    } else if (zone.zone === "reasonAfter") {
      back();
      const event = own.statusEvent;
      if (!event) return;
      const give = () => kiosk.giveReason(event.id, reason.id);
      void commit(`reason/${event.id}/${reason.id}`, give, told(words(reason)));
    } else if (zone.zone === "reasons") {
      const { change, asks } = zone;
      if (asks === "stop") return enter({ ...change, reasonId: reason.id });
      const { status, reasonId, quantities } = change;
      const wanted = {
        statusDefinitionId: status.id,
        ...(reasonId === undefined ? {} : { reasonId }),
        ...(quantities === undefined ? {} : { quantities }),
        report: { type: asks, reasonId: reason.id },
      };
      void send(wanted, `${label(status)}: ${words(reason)}`);
    }
  };
  const malfunction = () => {
    const status = statuses && malfunctionOf(statuses);
    if (status && status.id !== session.currentStatusId)
      setZone({ zone: "reasons", change: { status }, asks: "malfunction" });
    else setZone({ zone: "report" });
  };

  const bind = async (item: StationJobItem, next: StatusDefinition | null, quantities?: Quantities) => {
    back();
    const choice = { jobItemId: item.id, stepId: item.stepId, ...(quantities ? { quantities } : {}) };
    const isBound = await commit(
      `bind/${JSON.stringify(choice)}`,
      () => kiosk.bind(choice),
      told(`${item.jobNumber} · ${item.name}`),
    );
    if (!isBound || !next) return;
    if (mayProduce(item.approval)) enter({ status: next });
    else setZone({ zone: "approval" });
  };
  const choose = (item: StationJobItem) => {
    if (zone.zone !== "items") return;
    if (produces(session)) setZone({ zone: "count", counting: { kind: "bind", item } });
    else void bind(item, zone.next);
  };
  const unbind = () => {
    back();
    void commit("unbind", () => kiosk.unbind(), told(t("items.none")));
  };

  const finish = (quantities?: Quantities, checklist?: ChecklistAnswers) => {
    back();
    setEnding(false);
    const wanted = { ...(quantities ? { quantities } : {}), ...(checklist ? { checklist } : {}) };
    void commit("end", () => kiosk.end(wanted));
  };
  /** The end's questions: the count of running production, the list, and else only whether it is meant. */
  const end = (quantities?: Quantities, isCounted = false) => {
    if (produces(session) && !isCounted) setZone({ zone: "count", counting: { kind: "end" } });
    else if (endList) setZone({ zone: "checklist", list: endList, quantities });
    else if (isCounted) finish(quantities);
    else setEnding(true);
  };
  /** The count is entered; without pieces it was put off. */
  const counted = (quantities?: Quantities) => {
    if (zone.zone !== "count") return;
    const { counting } = zone;
    if (counting.kind === "status") enter({ status: counting.status, quantities });
    else if (counting.kind === "bind") void bind(counting.item, null, quantities);
    else if (counting.kind === "end") end(quantities, true);
    else if (quantities) {
      back();
      void commit(`count/${JSON.stringify(quantities)}`, () => kiosk.count(quantities), told(pieces(quantities)));
    }
  };

  const askApproval = () => {
    back();
    void commit("approval", () => kiosk.askApproval(), told(t("approval.title")));
  };
  const callSupervisor = () => {
    if (call || own.calling) setZone({ zone: "call" });
    else void commit("call", () => kiosk.call(), told(t("call.title")));
  };
  const takeBack = ({ id }: Call) => {
    back();
    void commit(`call/${id}/cancel`, () => kiosk.cancelCall(id), told(t("call.cancel")));
  };
  const here = () => void commit("here", () => kiosk.stillHere(), told(t("asked.here")));

  return {
    zone,
    setZone,
    ending,
    setEnding,
    back,
    label,
    tap,
    because,
    malfunction,
    choose,
    unbind,
    end,
    finish,
    counted,
    askApproval,
    callSupervisor,
    takeBack,
    here,
  };
}

export type WorkTaps = ReturnType<typeof useWork>;
