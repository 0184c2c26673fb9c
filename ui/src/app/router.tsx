/** The addresses of the app. Kiosk and desk are chunks of their own: neither loads the other. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  type ErrorComponentProps,
  Link,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { readSearch } from "../desk/search";
import type { Doors as DoorsChoice } from "../host/types";
import { Action } from "../parts/Action";
import { Doors } from "./Doors";

function NotFound() {
  const { t } = useTranslation();
  return (
    <main className="flex min-h-full flex-col items-center justify-center gap-6 p-6 text-xl">
      <p>{t("app.notFound")}</p>
      <Link to="/" className="underline underline-offset-4">
        {t("app.home")}
      </Link>
    </main>
  );
}

/** A defect of ours. What was tapped is safe on the other side of the door; the page begins anew. */
function Failed({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  return (
    <main role="alert" className="flex min-h-full flex-col items-center justify-center gap-6 p-6 text-xl">
      <p className="font-semibold">{t("app.failed")}</p>
      <p className="max-w-2xl text-base text-muted">{error instanceof Error ? error.message : String(error)}</p>
      <Action kind="primary" onPress={() => location.reload()}>
        {t("app.reload")}
      </Action>
    </main>
  );
}

/** A desktop app that was set up as one of the two has no doors. */
export function openRouter(doors: DoorsChoice) {
  const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });
  const start = createRoute({
    getParentRoute: () => root,
    path: "/",
    component: Doors,
    beforeLoad: () => {
      if (doors !== "both") throw redirect({ to: doors === "kiosk" ? "/kiosk" : "/desk", replace: true });
    },
  });
  const kioskApp = lazyRouteComponent(() => import("../kiosk/KioskApp"), "KioskApp");
  const kiosk = createRoute({ getParentRoute: () => root, path: "/kiosk", component: kioskApp });
  // The same screens: the address tells the tab that lost its session from the others.
  const transferred = createRoute({ getParentRoute: () => root, path: "/session-transferred", component: kioskApp });
  const desk = createRoute({
    getParentRoute: () => root,
    path: "/desk",
    validateSearch: readSearch,
    component: lazyRouteComponent(() => import("../desk/DeskApp"), "DeskApp"),
  });
  return createRouter({
    routeTree: root.addChildren([start, kiosk, transferred, desk]),
    defaultErrorComponent: Failed,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof openRouter>;
  }
}
