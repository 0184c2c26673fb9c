/** Chooses the language of this device. */

import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { chooseLanguage, languages } from "../i18n";

export function LanguageSwitch({ touch = false }: { touch?: boolean }) {
  const { t, i18n } = useTranslation();
  return (
    <ToggleButtonGroup
      aria-label={t("app.language")}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[i18n.language]}
      onSelectionChange={([code]) => chooseLanguage(String(code))}
      className="inline-flex shrink-0 rounded-card border border-line bg-card p-1"
    >
      {[...languages].map(([code, { name }]) => (
        <ToggleButton
          key={code}
          id={code}
          lang={code}
          data-testid={`language-${code}`}
          className={`cursor-default rounded-[7px] data-[selected]:bg-ink data-[selected]:text-white ${touch ? "min-h-16 min-w-24 px-5 text-xl" : "min-h-7 px-2.5 text-sm"}`}
        >
          {name}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
