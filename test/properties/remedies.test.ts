import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hostileText } from '../support/arbitrary-profile.ts';
import { compileBytes, writeYaml } from '../support/compile-profile.ts';

const blank = fc.constantFrom('', ' ');
const number = fc.oneof(fc.nat({ max: 99_999 }), fc.float({ min: 0, max: 99, noNaN: true }), fc.constant('1,500'));
const unit = fc.constantFrom(
  '',
  'MB',
  'g',
  'TiB',
  'kB',
  's',
  'min',
  ' hours',
  'd',
  'weeks',
  'k',
  'M',
  '%',
  '-8100',
  ':90',
);

/** A number with a unit, two of them, or text that wants to be something else. */
const spelling = fc.oneof(
  fc.array(fc.tuple(number, blank, unit), { minLength: 1, maxLength: 2 }).map((parts) => parts.flat().join('')),
  hostileText,
);

const PLACES: Readonly<Record<string, (value: unknown) => object>> = {
  'a size': (value) => ({ host: { memory: value } }),
  'a duration': (value) => ({ conntrack: { timeouts: { established: value } } }),
  'a count': (value) => ({ traffic: { connectionsPerSecond: value } }),
  'a count, or auto': (value) => ({ conntrack: { maximum: value } }),
  'a list of ports': (value) => ({ traffic: { ports: value } }),
  'a list of words': (value) => ({ gateway: { families: value } }),
  'a version': (value) => ({ host: { kernel: value } }),
  'a name': (value) => ({ name: value }),
};

it.each(Object.entries(PLACES))('%s is proposed as the schema takes it', (_, place) => {
  fc.assert(
    fc.property(spelling, (spelled) => {
      const proposed = findProposal(writeYaml({ name: 'shop', extends: 'web-server', ...place(spelled) }));
      if (proposed === undefined) return;
      const text = writeYaml({ name: 'shop', extends: 'web-server', ...place('PROPOSED') });
      expect(listFaults(text.replace('"PROPOSED"', proposed)), proposed).toEqual([]);
    }),
  );
});

/** What is written between the backticks of a remedy. */
function findProposal(text: string): string | undefined {
  return listFaults(text).flatMap(({ remedy }) => /^write `(.*)`/.exec(remedy)?.[1] ?? [])[0];
}

function listFaults(text: string) {
  const { problems } = compileBytes(new TextEncoder().encode(text));
  return problems.filter(({ id }) => id === 'wrong-shape' || id === 'wrong-type');
}
