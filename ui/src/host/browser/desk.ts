/** The supervisor's desk in a browser. The login is a cookie that no script can read. */
import type { UserLoggedIn } from "../../generated/UserLoggedIn";
import type { UserSelf } from "../../generated/UserSelf";
import type { AdminRequest, DeskHost } from "../types";
import { send, unwrap } from "./http";
import { refusal } from "./knowledge";
import { pathOf, readStream } from "./stream";

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
  async ask<T>({ path, ...call }: AdminRequest) {
    return unwrap<T>(await send(path, call));
  },
  async picture(imageId) {
    const response = await fetch(`/api/images/${encodeURIComponent(imageId)}`, { credentials: "same-origin" });
    if (!response.ok) throw refusal("NOT_FOUND", 404, "The picture is not there.");
    return response.blob();
  },
  watch: (topics, listener) => readStream(pathOf(topics), listener),
};
