import { vi } from "vitest";

/** Waits until this holds. A busy machine may take its time; what never comes is waited for in vain all the same. */
export function soon<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 10_000 });
}
