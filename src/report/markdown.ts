import { printableProse } from '../text/printable.ts';

/** Code in a cell of a table: nothing in it is markup, and nobody is linked or mentioned. A bar would end the cell all the same. */
export function asCode(text: string): string {
  return text === '' ? '' : `\`${text.replaceAll('`', "'").replaceAll('\\|', '\\ |').replaceAll('|', '\\|')}\``;
}

/**
 * Prose of our own in a cell, in which no character is markup. What a stranger wrote, file names too, is for `asCode`, since
 * GitHub links and mentions in prose whatever is escaped; a distribution, which our prose repeats, may be called `www.…`.
 */
export function asText(text: string): string {
  return printableProse(text)
    .replace(/[\\`*[\]<>|]/g, '\\$&')
    .replaceAll('www.', 'www\\.');
}
