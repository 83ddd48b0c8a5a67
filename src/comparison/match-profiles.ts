import type { Pair, Subject } from './subject.ts';

/** All that is compared of a set of profiles. */
export interface Subjects {
  readonly subjects: readonly Subject[];
  /** Names of files in which an error stands between the text and a plan. */
  readonly broken: readonly string[];
}

export interface Matched {
  readonly pairs: readonly Pair[];
  /** Profiles that may or may not be on the other side, which has errors. */
  readonly unknown: readonly Subject[];
}

/** By their names; a profile of another name is the same one when it is in a file of the same name, or `arePair` says so. */
export function matchProfiles(before: Subjects, after: Subjects, arePair: boolean): Matched {
  const named = before.subjects.flatMap((one) => {
    const other = after.subjects.find(({ plan }) => plan.name === one.plan.name);
    return other ? [{ before: one, after: other }] : [];
  });
  const lonely = without(before.subjects, named, 'before');
  const renamed = without(after.subjects, named, 'after').flatMap((other) => {
    const one = lonely.find(({ file }) => arePair || lastPart(file) === lastPart(other.file));
    return one ? [{ before: one, after: other }] : [];
  });
  const pairs = [...named, ...renamed];
  const gone = without(before.subjects, pairs, 'before');
  const come = without(after.subjects, pairs, 'after');
  return {
    pairs: [
      ...pairs,
      ...gone.filter((each) => !isUnknown(each, after)).map((each) => ({ before: each })),
      ...come.filter((each) => !isUnknown(each, before)).map((each) => ({ after: each })),
    ],
    unknown: [...gone.filter((each) => isUnknown(each, after)), ...come.filter((each) => isUnknown(each, before))],
  };
}

function without(all: readonly Subject[], pairs: readonly Pair[], side: keyof Pair): readonly Subject[] {
  return all.filter((each) => !pairs.some((pair) => pair[side] === each));
}

/** The other side's file of this name may be it. Where there is none, it may have moved into any broken one. */
function isUnknown({ file }: Subject, { subjects, broken }: Subjects): boolean {
  const isThere = (names: readonly string[]) => names.some((name) => lastPart(name) === lastPart(file));
  return broken.length > 0 && (isThere(broken) || !isThere(subjects.map((each) => each.file)));
}

/** A revision's name is put in front of a path, and may have slashes as well. */
function lastPart(file: string): string {
  return file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf(':')) + 1);
}
