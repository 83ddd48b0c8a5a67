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

/**
 * By their names. One of another name is the same one when `arePair` says so, when it is in the same file, or in the only
 * file of the same name.
 */
export function matchProfiles(before: Subjects, after: Subjects, arePair: boolean): Matched {
  const ways: readonly Alike[] = [
    (one, other) => one.plan.name === other.plan.name,
    () => arePair,
    ({ file }, other) => file === other.file || file.endsWith(`:${other.file}`),
    ({ file }, other) => lastPart(file) === lastPart(other.file),
  ];
  const pairs = ways.reduce<readonly Pair[]>(
    (found, isAlike) => [
      ...found,
      ...pairUp(without(before.subjects, found, 'before'), without(after.subjects, found, 'after'), isAlike),
    ],
    [],
  );
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

type Alike = (one: Subject, other: Subject) => boolean;

/** Those that are alike, and like no other. */
function pairUp(before: readonly Subject[], after: readonly Subject[], isAlike: Alike): readonly Pair[] {
  return after.flatMap((other) => {
    const [one, ...more] = before.filter((each) => isAlike(each, other));
    if (!one || more.length > 0 || after.filter((each) => isAlike(one, each)).length > 1) return [];
    return [{ before: one, after: other }];
  });
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
