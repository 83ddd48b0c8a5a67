/**
 * Characters that a terminal, a CI log or a reader may take for something else: control and format characters (among
 * them the bidirectional ones), line and paragraph separators, and code points without a meaning. Spaces stay.
 */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** `##[error]`, `##vso[` and the like start a command for some CI systems wherever they stand in a line. */
const CI_COMMAND = /##(?=[\w.]*\[)/g;

/** One line that shows what `text` holds and does nothing: unprintable characters appear as `<U+001B>`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, nameCharacter).replace(CI_COMMAND, '#<U+0023>');
}

/** JSON that parses to the same value, with an escape for every character that is more than text. */
export function printableJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return text.replace(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, escapeUnits).replace(CI_COMMAND, '#\\u0023');
}

function escapeUnits(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** Prose on one line: line breaks and runs of blanks become a single blank, and the rest is made printable. */
export function printableProse(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim());
}

/** A name at the start of a line; `::error` there would be a command for GitHub. */
export function printableName(name: string): string {
  const shown = printable(name);
  return /^\s*::/.test(shown) ? `./${shown}` : shown;
}

/** A value as a message quotes it, cut where nobody reads on. */
export function quote(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const shown = printable(text.length > 60 ? `${text.slice(0, 57)}...` : text);
  return `\`${shown}\``;
}

/** `<U+001B>`, which shows a character and does nothing. */
export function nameCharacter(character: string): string {
  return nameCodePoint(character.codePointAt(0) ?? 0);
}

function nameCodePoint(code: number): string {
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** Comment lines of at most `width` characters, each with its mark; no line ends in a backslash, which continues a line in most formats. */
export function wrapComment(text: string, mark = '#', width = 100): string[] {
  const lines = printableProse(text)
    .split(' ')
    .reduce<string[]>((wrapped, word) => {
      const last = wrapped.at(-1);
      if (last === undefined || last.length + 1 + word.length > width) return [...wrapped, word];
      return [...wrapped.slice(0, -1), `${last} ${word}`];
    }, []);
  return lines.map((line) => `${mark} ${line.replace(/\\$/, nameCodePoint(0x5c))}`);
}
