import type { Alternative } from '../values/alternative.ts';
import { formatCount, formatSize } from '../values/quantities.ts';
import { labelled, listed, titled } from './layout.ts';
import type { Style } from './style.ts';

const TITLE = 'Ways to keep the connection table from filling, for this traffic';

/** Each way with what it takes, how a profile has it, and what it risks. */
export function formatAlternatives(alternatives: readonly Alternative[], style: Style): string[] {
  const lines = alternatives.flatMap((each) => listed(each.title, sayAlternative(each)));
  return titled(TITLE, labelled(lines), style);
}

/** The same for a pull request. */
export function formatAlternativesMarkdown(alternatives: readonly Alternative[]): string[] {
  if (alternatives.length === 0) return [];
  return [`${TITLE}:`, '', ...alternatives.map((each) => `- ${each.title}: ${sayAlternative(each).join(' ')}`), ''];
}

function sayAlternative(each: Alternative): string[] {
  const { isChosen, keys, risk } = each;
  const written = Object.entries(keys).map(([path, value]) => `${path}: ${value}`);
  return [
    `${isChosen ? 'This profile. ' : ''}${sayNumbers(each)}`,
    `Risk: ${risk}`,
    ...(isChosen ? [] : [`Profile: ${written.join(', ')}.`]),
  ];
}

/** `317,000 entries at the peak, room for 475,500 needed. A table of 524,288 takes 196 MiB when full, buckets included.` */
export function sayNumbers({ entries, needed, table, memoryBytes, fits }: Alternative): string {
  const size = `A table of ${formatCount(table)} takes ${formatSize(memoryBytes)} when full, buckets included.`;
  const peak = `${formatCount(entries)} entries at the peak, room for ${formatCount(needed)} needed.`;
  return `${peak} ${fits ? size : `Its share of the memory holds no more than ${formatCount(table)}.`}`;
}
