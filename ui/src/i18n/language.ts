/** What a language file holds. */
import type en from "./en";

/** The same tree with any text at its leaves. */
type Texts<T> = { [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };

export type Words = Texts<(typeof en)["words"]>;

export interface Language {
  /** What its own speakers call it. */
  name: string;
  direction: "ltr" | "rtl";
  words: Words;
}
