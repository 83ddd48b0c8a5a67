import { nameCharacter } from './printable.ts';

/** What our own texts use beyond ASCII, and how it was typed before. */
const SPELLED: Readonly<Record<string, string>> = {
  '×': 'x',
  '÷': '/',
  '≤': '<=',
  '≥': '>=',
  '→': '->',
  '…': '...',
  '–': '-',
  '—': '-',
  Σ: 'sum of',
};

/** Text for a terminal that knows nothing else; what somebody's profile says beyond it appears as `<U+00E9>`. */
export function toAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (character) => SPELLED[character] ?? nameCharacter(character));
}
