import { printableProse } from '../text/printable.ts';

/** Text in which nothing is markup, links or mentions; a bar would end a cell all the same. */
export function asCode(text: string): string {
  return text === '' ? '' : `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

/** Prose of ours, in which nothing is markup. */
export function asText(text: string): string {
  return printableProse(text).replace(/[\\`*[\]<>|]/g, '\\$&');
}
