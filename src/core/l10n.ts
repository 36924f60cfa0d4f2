/** Translates the messages of every room; the composition root says into which language. */

export type Bundle = Readonly<Record<string, string>>;

interface Language {
  readonly bundle: Bundle;
  readonly locale: string;
}

// Each bundle file of dist/ carries its own copy of this module; the language is one for the process.
const slot = Symbol.for('orders-lakehouse.l10n');
const holder = globalThis as { [slot]?: Language };

/** Sets the bundle (English text → translation) for the whole process, and the locale that it was chosen by. */
export function setLanguage(bundle: Bundle, locale = ''): void {
  holder[slot] = { bundle, locale };
}

/** The bundle that {@link setLanguage} was given; empty for English. */
export function language(): Bundle {
  return holder[slot]?.bundle ?? {};
}

/** The locale of this process, for one that is started from it. */
export function currentLocale(): string {
  return holder[slot]?.locale ?? '';
}

/** The translation of an English text, with `{0}`, `{1}` … replaced by the arguments. */
export function t(text: string, ...args: readonly (string | number)[]): string {
  const translated = holder[slot]?.bundle[text] ?? text;
  return translated.replace(/\{(\d+)\}/g, (whole, index: string) => {
    const value = args[Number(index)];
    return value === undefined ? whole : String(value);
  });
}
