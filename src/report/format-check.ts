import type { Check } from '../checks/check.ts';
import { labelled, WIDTH, wrap } from './layout.ts';
import type { Style } from './style.ts';

/** All about a check: what has to hold, why, and how to mend what does not. */
export function formatCheck({ id, severity, softens, what, why, fix, source, mandatory }: Check, style: Style): string {
  const silence = mandatory ? 'cannot be silenced' : 'can be silenced by `allow`, with a reason';
  const lines = labelled([
    ['holds', what],
    ['why', why],
    ['do', fix],
    ['source', source],
  ]);
  return `${[`${style('bold', id)}  ${style('dim', `${severity}${softens ? ' or warning' : ''}; ${silence}`)}`, ...lines].join('\n')}\n`;
}

/** What has to hold before there is anything to check; what mends it depends on the place. */
export function formatFault(id: string, what: string, style: Style): string {
  const lines = labelled([
    ['holds', what],
    ['do', 'What the problem says at its place.'],
  ]);
  return `${[`${style('bold', id)}  ${style('dim', 'no check, but a fault of a profile itself; cannot be silenced')}`, ...lines].join('\n')}\n`;
}

/** Each with what has to hold. */
export function formatChecks(checks: readonly Check[], style: Style): string {
  return `${checks.flatMap(({ id, what }) => [style('bold', id), ...wrap(what, WIDTH - 4).map((line) => `    ${style('dim', line)}`)]).join('\n')}\n`;
}
