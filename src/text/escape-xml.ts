import { printable } from './printable.ts';

/** Text or an attribute's value in XML, which has no place for most control characters: they become visible. */
export function escapeXml(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line))
    .join('\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
