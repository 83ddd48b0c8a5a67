import { printableProse } from '../text/printable.ts';

/** Code in a cell of a table: nothing in it is markup, and nobody is linked or mentioned. A bar would end the cell all the same. */
export function asCode(text: string): string {
  return text === '' ? '' : `\`${text.replaceAll('`', "'").replaceAll('\\|', '\\ |').replaceAll('|', '\\|')}\``;
}

/** Prose in a cell, in which no character is markup. */
export function asText(text: string): string {
  return printableProse(text).replace(/[\\`*[\]<>|]/g, '\\$&');
}
