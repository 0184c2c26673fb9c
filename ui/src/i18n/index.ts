/**
 * The languages. Each file of this folder that is named by a language code is one: adding a language is
 * adding a file. English is the type that all others are checked against.
 */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type en from "./en";
import type { Language, Words } from "./language";

const files = import.meta.glob<{ default: Language }>("./??.ts", { eager: true });

export const languages: ReadonlyMap<string, Language> = new Map(
  Object.entries(files).map(([path, file]) => [path.slice(2, 4), file.default]),
);

const REMEMBERED = "millrace.language";

/** The language of this device: what was chosen here last, else what the browser asks for, else English. */
export function deviceLanguage(): string {
  const wanted = [readRemembered(), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wanted.find((code): code is string => code !== null && languages.has(code)) ?? "en";
}

function readRemembered(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null; // Storage may be switched off; then the browser's language decides.
  }
}

/** Speaks this language from now on; the device's where it is not one of ours (yet). */
export function speak(code: string): void {
  void i18next.changeLanguage(languages.has(code) ? code : deviceLanguage());
}

/** Speaks this language, and remembers it as the device's. */
export function chooseLanguage(code: string): void {
  speak(code);
  try {
    localStorage.setItem(REMEMBERED, code);
  } catch {
    // The choice then holds until the page is left.
  }
}

function follow(code: string): void {
  document.documentElement.lang = code;
  document.documentElement.dir = languages.get(code)?.direction ?? "ltr";
}

/** Starts the texts. Everything is in the bundle, so nothing has to be waited for. */
export function startLanguages(): void {
  i18next.on("languageChanged", follow);
  void i18next.use(initReactI18next).init({
    lng: deviceLanguage(),
    fallbackLng: "en",
    initAsync: false,
    resources: Object.fromEntries(
      [...languages].map(([code, { words }]) => [code, { translation: words satisfies Words }]),
    ),
    // React escapes what it draws.
    interpolation: { escapeValue: false },
  });
  follow(i18next.language);
}

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: (typeof en)["words"] };
  }
}
