/** Whether nobody has touched this kiosk for a while. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

/** After this long names are hidden (ms). */
export const NAMES_HIDE = 60_000;

/** A sign-in that was not used for a session ends after this long (ms): the same limit as the server's. */
export const SIGN_IN_LASTS = 10 * 60_000;

export function useIdle(after: number = NAMES_HIDE): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const touched = () => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIdle(true), after);
    };
    touched();
    window.addEventListener("pointerdown", touched, true);
    window.addEventListener("keydown", touched, true);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("pointerdown", touched, true);
      window.removeEventListener("keydown", touched, true);
    };
  }, [after]);
  return idle;
}

/** How a name is shown: not at all where nobody has touched this kiosk for a while. */
export function useNames(): (name: string) => string {
  const { t } = useTranslation();
  const idle = useIdle();
  return (name) => (idle ? t("work.hidden") : name);
}
