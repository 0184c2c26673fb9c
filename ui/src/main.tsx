import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { I18nProvider } from "react-aria-components";
import { createRoot } from "react-dom/client";
import { useTranslation } from "react-i18next";
import { openRouter } from "./app/router";
import "./app/app.css";
import { openHost } from "./host";
import { HostProvider } from "./host/context";
import type { Host } from "./host/types";
import { startLanguages } from "./i18n";

// `navigator.onLine` knows the cable, not the server: a kiosk asks whatever it says.
const queries = new QueryClient({ defaultOptions: { queries: { networkMode: "always", retry: 2 } } });

function App({ host, router }: { host: Host; router: ReturnType<typeof openRouter> }) {
  const { i18n } = useTranslation();
  return (
    <I18nProvider locale={i18n.language}>
      <HostProvider host={host}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </HostProvider>
    </I18nProvider>
  );
}

async function start(root: HTMLElement): Promise<void> {
  startLanguages();
  const host = await openHost();
  const router = openRouter(host.doors);
  createRoot(root).render(
    <StrictMode>
      <App host={host} router={router} />
    </StrictMode>,
  );
}

const root = document.getElementById("root");
if (root) {
  start(root).catch((error: unknown) => {
    // Nothing could be drawn, so this one line is in English and without a style.
    root.textContent = `Millrace could not start: ${error instanceof Error ? error.message : String(error)}`;
  });
}
