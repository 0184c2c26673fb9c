/** The kiosk's own letter keyboard, in the language that is spoken: the system's never opens. */
import { Delete } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Key } from "./Numpad";

const ROWS: Readonly<Record<string, readonly string[]>> = {
  en: ["qwertyuiop", "asdfghjkl", "zxcvbnm.,"],
  he: ["קראטוןםפ", "שדגכעיחלךף", "זסבהנמצתץ.,"],
};

export function Letters({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t, i18n } = useTranslation();
  const rows = ROWS[i18n.language] ?? ROWS.en ?? [];
  return (
    <div className="flex flex-col gap-2 [--target:64px]" data-testid="letters">
      {rows.map((row) => (
        <div key={row} className="grid auto-cols-fr grid-flow-col gap-2">
          {[...row].map((letter) => (
            <Key key={letter} testId={`letter-${letter}`} onPress={() => onChange(value + letter)}>
              {letter}
            </Key>
          ))}
        </div>
      ))}
      <div className="grid grid-cols-[4fr_1fr] gap-2">
        <Key testId="letter-space" label={t("letters.space")} onPress={() => onChange(`${value} `)}>
          <span className="text-xl">{t("letters.space")}</span>
        </Key>
        <Key testId="letter-delete" label={t("signIn.delete")} onPress={() => onChange(value.slice(0, -1))}>
          <Delete size={32} aria-hidden />
        </Key>
      </div>
    </div>
  );
}
