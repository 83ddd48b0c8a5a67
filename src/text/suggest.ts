import { closest, distance } from 'fastest-levenshtein';
import { quote } from './printable.ts';

/** A remedy for a name that nobody knows: the likely one if there is one, otherwise all of them. */
export function suggest(name: string, known: readonly string[], introduction: string): string {
  const likely = closestName(name, known);
  if (likely !== undefined) return `did you mean ${quote(likely)}?`;
  return `${introduction} ${known.map((each) => `\`${each}\``).join(', ')}`;
}

/** The same where there are too many to say: at most five that share a word with it, and what lists all of them. */
export function suggestSome(name: string, known: readonly string[], listing: string): string {
  const likely = closestName(name, known);
  const isPart = known.filter((each) => each.includes(name)).length > 1;
  if (likely !== undefined && !isPart) return `did you mean ${quote(likely)}?`;
  const near = rankByWords(name, known)
    .slice(0, 5)
    .map((each) => `\`${each}\``);
  return `${near.length > 0 ? `near it ${near.length > 1 ? 'are' : 'is'} ${near.join(', ')}; ` : ''}\`${listing}\` lists all`;
}

/** Those that hold words of a name, most of them first. */
function rankByWords(name: string, known: readonly string[]): string[] {
  const words =
    name
      .slice(0, 200)
      .toLowerCase()
      .match(/[a-z\d]{3,}/g) ?? [];
  const countIn = (each: string) => words.filter((word) => each.includes(word)).length;
  return known.filter((each) => countIn(each) > 0).sort((a, b) => countIn(b) - countIn(a));
}

/**
 * The likely one of the known names: of those that differ in a version only, the one with that version, or with the one
 * that it is a release of, or the last.
 */
export function closestName(name: string, known: readonly string[]): string | undefined {
  const { stem, version } = splitVersion(name.slice(0, 200).toLowerCase());
  const likely = closestStem(stem, [...new Set(known.map((each) => splitVersion(each).stem))]);
  const alike = known.filter((each) => splitVersion(each).stem === likely);
  const versionOf = (each: string) => splitVersion(each).version;
  return (
    alike.find((each) => versionOf(each).replace('.', '') === version.replace('.', '')) ??
    alike.find((each) => version.startsWith(`${versionOf(each)}.`)) ??
    alike.at(-1)
  );
}

/** The only one that begins so; otherwise the one that differs least, if it differs in less than about a third. */
function closestStem(asked: string, stems: readonly string[]): string | undefined {
  const longer = asked.length > 2 ? stems.filter((stem) => stem.startsWith(asked)) : [];
  if (longer.length === 1) return longer[0];
  const likely = stems.length > 0 ? closest(asked, stems) : undefined;
  return likely !== undefined && distance(asked, likely) <= Math.max(2, likely.length / 3) ? likely : undefined;
}

/** `ubuntu-24.04` without the dash. */
function splitVersion(name: string): { readonly stem: string; readonly version: string } {
  const stem = name.replace(/-?[\d.]+$/, '');
  return { stem, version: name.slice(stem.length).replace(/^-/, '') };
}
