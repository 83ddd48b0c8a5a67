import { findParameter } from '../parameters/parameters.ts';
import { commentOn } from '../text/comments.ts';
import { wrapComment } from '../text/printable.ts';
import { formatValue } from '../values/format-value.ts';
import type { Decision, Plan } from '../values/plan.ts';
import type { Output } from './output.ts';

/** A snippet of Squid directives. They are taken when Squid is stopped and started: `max_filedescriptors` only then. */
export const squid: Output = {
  id: 'squid',
  territory: ['etc/squid/'],
  draft: (plan) => {
    if (plan.role !== 'squid-proxy') return [];
    const own = plan.decisions.filter(isSquid);
    return [
      {
        path: squidSnippet(plan),
        purpose: "Squid's descriptors, and with them its accept queue",
        carries: own.map(({ parameter }) => parameter),
        body: { template: 'squid/squid.conf', view: { notes: notesFor(plan), directives: own.map(asDirective) } },
      },
    ];
  },
};

/** Below /. */
function squidSnippet({ name, host }: Plan): string {
  return `${host.distribution.squid.snippets}/nettune-${name}.conf`;
}

/** The line that squid.conf needs; undefined where the distribution's includes the folder. */
export function squidInclude(plan: Plan): string | undefined {
  return plan.host.distribution.squid.isIncluded ? undefined : `include /${squidSnippet(plan)}`;
}

function notesFor(plan: Plan): string[] {
  const line = squidInclude(plan);
  return [
    ...wrapComment(
      'Stop and start Squid after a change: a reload takes no other number of descriptors, and no other queue.',
    ),
    ...(line ? wrapComment(`Squid reads this only if /etc/squid/squid.conf has the line: ${line}`) : []),
  ];
}

function isSquid({ parameter }: Decision): boolean {
  return findParameter(parameter)?.kind === 'squid';
}

function asDirective(decision: Decision) {
  return { comment: commentOn(decision), line: `${decision.spelling} ${formatValue(decision.value)}` };
}
