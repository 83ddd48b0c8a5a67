import { printableName } from '../text/printable.ts';
import { withoutNumbers } from '../text/without-numbers.ts';
import type { FoundProblem, Traded } from '../values/comparison.ts';
import { positionOf } from '../values/location.ts';
import type { Problem } from '../values/problem.ts';
import { trade } from './trade.ts';

/** Problems that come and go; one with other numbers in it is the same one. */
export function changedProblems(
  before: readonly Problem[] | undefined,
  after: readonly Problem[] | undefined,
): Traded<FoundProblem> {
  return trade(before?.map(asFound), after?.map(asFound), ({ severity, id, message }) =>
    [severity, id, withoutNumbers(message)].join(' '),
  );
}

function asFound({ severity, id, message, locations: [main] }: Problem): FoundProblem {
  const place = main && { file: printableName(main.file.name), ...positionOf(main) };
  return { severity, id, message, ...(place ? { place } : {}) };
}
