/** Draws the app on a floor in memory, for component tests. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { cleanup, render } from "@testing-library/react";
import { HostProvider } from "../host/context";
import { FakeHost } from "../host/fake";
import { emptyFloor } from "../host/floor";
import { chooseLanguage, startLanguages } from "../i18n";
import { openRouter } from "./router";

startLanguages();

/** A fresh app at this address, in English. */
export function openApp(address: string, host = new FakeHost(emptyFloor())): FakeHost {
  cleanup();
  chooseLanguage("en");
  const router = openRouter(host.doors);
  router.update({ history: createMemoryHistory({ initialEntries: [address] }) });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <HostProvider host={host}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </HostProvider>,
  );
  return host;
}
