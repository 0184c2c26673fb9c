/** Which text can be read on a status's own colour (WCAG relative luminance). */

const BLACK = "#14181d";
const WHITE = "#ffffff";

function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** From 1 (the same) to 21 (black on white). */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

/** White where it reads at 4.5 or better, else near-black. */
export function textOn(color: string): string {
  if (!/^#[0-9a-fA-F]{6}$/.test(color)) return BLACK;
  return contrast(color, WHITE) >= 4.5 ? WHITE : BLACK;
}
