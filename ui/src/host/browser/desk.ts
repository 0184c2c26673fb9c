/** The supervisor's desk in a browser. The login is a cookie that no script can read. */
import type { StationList } from "../../generated/StationList";
import type { UserLoggedIn } from "../../generated/UserLoggedIn";
import type { UserSelf } from "../../generated/UserSelf";
import type { DeskHost } from "../types";
import { send, unwrap } from "./http";
import { readStream } from "./stream";

export const ACTIVE_SESSIONS = "/api/admin/dashboard/active-sessions/stream";

export const browserDesk: DeskHost = {
  async me() {
    const answer = await send("/api/admin/me");
    if (answer.kind === "problem" && answer.problem.code === "UNAUTHENTICATED") return null;
    return unwrap<UserSelf>(answer);
  },
  async login(_serverUrl, username, password) {
    const body = { username, password, cookie: true };
    const { user, expiresAt } = unwrap<UserLoggedIn>(await send("/api/admin/login", { method: "POST", body }));
    return { user, expiresAt };
  },
  async logout() {
    unwrap(await send("/api/admin/logout", { method: "POST", body: {} }));
  },
  async stations() {
    return unwrap<StationList>(await send("/api/admin/stations")).stations;
  },
  activeSessions: (listener) => readStream(ACTIVE_SESSIONS, ["insert", "update", "delete"], listener),
};
