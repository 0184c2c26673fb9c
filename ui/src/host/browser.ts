import type { Host } from "./types";

export async function openBrowserHost(): Promise<Host> {
  throw new Error("not yet");
}
