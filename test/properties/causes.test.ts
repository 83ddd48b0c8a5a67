import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Profile } from '../../generated/profile.ts';
import { deriveHost, derivePlan } from '../../src/derive-plan.ts';
import type { Decision } from '../../src/values/plan.ts';
import { arbitraryCauses, type Change, changesOf, isRelated } from '../support/change-profile.ts';
import { isLong } from '../support/long.ts';

const RUNS = isLong ? 1000 : 15;

/** Another role or server has another service: its values are of something else. */
const OF_THE_SERVICE = /^[A-Z]|^listen|^maxconn|^worker|^max_file/;

type Plan = ReadonlyMap<string, Decision>;

const decide = (profile: Profile): Plan =>
  new Map(derivePlan(profile, deriveHost(profile)).decisions.map((decision) => [decision.parameter, decision]));

const isListed = ({ causes }: Decision, path: string) => causes.some((cause) => isRelated(cause, path));

const say = ({ parameter, value, causes }: Decision) => `${parameter} = ${value}, from ${causes.join(', ')}`;

/** Values that a change turned into others, although neither the old decision nor the new one follows from it. */
function findUnlisted(before: Plan, { path, changed }: Change): string[] {
  const after = decide(changed);
  return [...before.values()].flatMap((old) => {
    const now = after.get(old.parameter);
    if (!now || String(now.value) === String(old.value) || isListed(old, path)) return [];
    if (path === 'role' && OF_THE_SERVICE.test(old.parameter)) return [];
    const isAnotherBound = isListed(now, path) || String([...now.causes].sort()) !== String([...old.causes].sort());
    return isAnotherBound && now.reason !== old.reason ? [] : [`${path}: ${say(old)}; then ${say(now)}`];
  });
}

const valueIn = (profile: Profile, parameter: string) => String(decide(profile).get(parameter)?.value);

/**
 * Causes of a decision whose change, however large, leaves it as it is. Where two causes suffice for a value, each alone,
 * the other one has to change first.
 */
function findIdle(profile: Profile, { parameter, causes }: Decision): string[] {
  const decides = (from: Profile, cause: string) => {
    const value = valueIn(from, parameter);
    return changesOf(from, cause).some(({ changed }) => valueIn(changed, parameter) !== value);
  };
  const afterAnother = (cause: string) =>
    causes
      .filter((other) => !isRelated(other, cause))
      .flatMap((other) => changesOf(profile, other))
      .some(({ changed }) => decides(changed, cause));
  return causes.filter((cause) => !decides(profile, cause) && !afterAnother(cause));
}

it('whatever changes a value is among its causes, or among those of the bound that takes over', () => {
  fc.assert(
    fc.property(arbitraryCauses(), (profile) => {
      const before = decide(profile);
      expect(changesOf(profile).flatMap((change) => findUnlisted(before, change))).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

it('whatever is among the causes of a value changes it, when it changes enough', () => {
  fc.assert(
    fc.property(arbitraryCauses(), (profile) => {
      const own = [...decide(profile).values()].filter(({ rule }) => rule !== 'override');
      expect(own.flatMap((each) => findIdle(profile, each).map((cause) => `${cause}: ${say(each)}`))).toEqual([]);
    }),
    { numRuns: RUNS },
  );
});

it('names no cause twice', () => {
  fc.assert(
    fc.property(arbitraryCauses(), (profile) => {
      for (const { causes } of decide(profile).values()) expect([...new Set(causes)]).toEqual(causes);
    }),
  );
});
