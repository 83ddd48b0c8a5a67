import { machineTitle } from '../values/machine-title.ts';
import { spreadMachines } from './spread-machines.ts';
import type { Pair, Subject } from './subject.ts';

/** All that is compared of a set of profiles, and the paths of their files. */
export interface Subjects {
  readonly subjects: readonly Subject[];
  /** Paths of files in which an error stands between the text and a plan. */
  readonly broken: readonly string[];
}

export interface Matched {
  readonly pairs: readonly Pair[];
  /** Profiles that may or may not be on the other side, which has errors. */
  readonly unknown: readonly Subject[];
}

/**
 * By their names, and the machines in their `hosts`. One of another name is the same one when `arePair` says so, when it is in the same file, or in the only
 * file of the same name.
 */
export function matchProfiles(before: Subjects, after: Subjects, arePair: boolean): Matched {
  const ways: readonly KeyOf[] = [
    ({ plan }) => machineTitle(plan),
    ...(arePair ? [({ plan }: Subject) => `${plan.machine}`] : []),
    ({ plan, file }) => `${file} ${plan.machine}`,
    ({ plan, file }) => `${lastPart(file)} ${plan.machine}`,
  ];
  let left: Sides = {
    before: spreadMachines(before.subjects, after.subjects),
    after: spreadMachines(after.subjects, before.subjects),
  };
  const pairs = ways.flatMap((keyOf) => {
    const found = pairUp(left, keyOf);
    left = without(left, found);
    return found;
  });
  const isLater = mayBeAmong(after);
  const isEarlier = mayBeAmong(before);
  return {
    pairs: [
      ...pairs,
      ...left.before.filter((each) => !isLater(each)).map((each) => ({ before: each })),
      ...left.after.filter((each) => !isEarlier(each)).map((each) => ({ after: each })),
    ],
    unknown: [...left.before.filter(isLater), ...left.after.filter(isEarlier)],
  };
}

/** What two profiles share that are alike. */
type KeyOf = (subject: Subject) => string;

interface Sides {
  readonly before: readonly Subject[];
  readonly after: readonly Subject[];
}

interface Both {
  readonly before: Subject;
  readonly after: Subject;
}

/** Those that are alike, and like no other. */
function pairUp({ before, after }: Sides, keyOf: KeyOf): readonly Both[] {
  const earlier = gather(before, keyOf);
  return [...gather(after, keyOf)].flatMap(([key, [other, ...others]]) => {
    const [one, ...more] = earlier.get(key) ?? [];
    return one && other && more.length + others.length === 0 ? [{ before: one, after: other }] : [];
  });
}

function gather(subjects: readonly Subject[], keyOf: KeyOf): ReadonlyMap<string, readonly Subject[]> {
  const byKey = new Map<string, Subject[]>();
  for (const subject of subjects) {
    const alike = byKey.get(keyOf(subject));
    if (alike) alike.push(subject);
    else byKey.set(keyOf(subject), [subject]);
  }
  return byKey;
}

function without({ before, after }: Sides, pairs: readonly Both[]): Sides {
  const paired = new Set(pairs.flatMap((pair) => [pair.before, pair.after]));
  return { before: before.filter((each) => !paired.has(each)), after: after.filter((each) => !paired.has(each)) };
}

/** The other side's file of this name may be it. Where there is none, it may have moved into any broken one. */
function mayBeAmong({ subjects, broken }: Subjects): (subject: Subject) => boolean {
  const inBroken = new Set(broken.map(lastPart));
  const inWhole = new Set(subjects.map(({ file }) => lastPart(file)));
  return ({ file }) => broken.length > 0 && (inBroken.has(lastPart(file)) || !inWhole.has(lastPart(file)));
}

function lastPart(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
