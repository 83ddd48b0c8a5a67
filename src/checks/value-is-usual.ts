import { numbersOf } from '../parameters/is-plausible.ts';
import { findParameter } from '../parameters/parameters.ts';
import { formatValue } from '../values/format-value.ts';
import type { Check } from './check.ts';

export const valueIsUsual: Check = {
  id: 'value-is-usual',
  severity: 'warning',
  what: 'Each value that is set by hand lies within what hosts have a use for.',
  why: 'The kernel takes more, and some hosts need it; more often it was copied from somewhere, or has a digit too many.',
  fix: 'Use a value of the range that is named, or allow this with the reason why the host needs more.',
  source: 'the rows of docs/reference/parameters.md',
  find: ({ decisions }) =>
    decisions.flatMap(({ parameter, spelling, value, causes, rule }) => {
      const row = findParameter(parameter);
      const { usual } = row ?? {};
      if (!row || !usual || rule !== 'override') return [];
      const found = numbersOf(row, value).find((number) => number < usual.min || number > usual.max);
      if (found === undefined) return [];
      return [
        {
          message: `${formatValue(found)} for ${spelling} is unusual: ${found < usual.min ? usual.below : usual.above}`,
          remedy: `use ${formatValue(usual.min)} to ${formatValue(usual.max)} ${row.unit}, or allow this with the reason why the host needs it`,
          causes,
        },
      ];
    }),
};
