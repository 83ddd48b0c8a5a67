import { closest, distance } from 'fastest-levenshtein';
import { PARAMETERS } from './parameters.ts';

/**
 * The kernel parameter that was likely meant. Only the last part of a name counts: what stands before it is the same for
 * many, which makes any two of them look alike, and is easily mistaken as a whole.
 */
export function suggestParameter(name: string): string | undefined {
  const known = PARAMETERS.filter(({ kind }) => kind === 'sysctl');
  const asked = lastPart(name).slice(0, 200);
  const likely = closest(
    asked,
    known.map((row) => lastPart(row.name)),
  );
  if (distance(asked, likely) > Math.max(2, asked.length / 8)) return undefined;
  return known.find((row) => lastPart(row.name) === likely)?.name;
}

/** What tells a parameter from others: the last part of its name without what all of the tracker's begin with. */
function lastPart(name: string): string {
  return (name.split(/[. ]/).at(-1) ?? name).replace(/^[in][pf]_conntrack_/, '');
}
