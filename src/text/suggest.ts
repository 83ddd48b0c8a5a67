import { closest, distance } from 'fastest-levenshtein';
import { quote } from './printable.ts';

/** A remedy for a name that nobody knows: the likely one if there is one, otherwise all of them. */
export function suggest(name: string, known: readonly string[], introduction: string): string {
  const likely = closestName(name, known);
  if (likely !== undefined) return `did you mean ${quote(likely)}?`;
  return `${introduction} ${known.map((each) => `\`${each}\``).join(', ')}`;
}

/** The known name that differs least, if it differs in less than about a third. */
function closestName(name: string, known: readonly string[]): string | undefined {
  const likely = known.length > 0 ? closest(name.slice(0, 200), known) : undefined;
  return likely !== undefined && distance(name, likely) <= Math.max(2, likely.length / 3) ? likely : undefined;
}
