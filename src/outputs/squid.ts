import { squidGeneration } from '../distributions/squid-generations.ts';
import { findParameter } from '../parameters/parameters.ts';
import { commentOn } from '../text/comments.ts';
import { wrapComment } from '../text/printable.ts';
import type { ForeignLine } from '../values/foreign-line.ts';
import { formatValue } from '../values/format-value.ts';
import type { Decision, Plan } from '../values/plan.ts';
import type { Output } from './output.ts';

/** A snippet of Squid directives. They are taken when Squid is stopped and started: `max_filedescriptors` only then. */
export const squid: Output = {
  id: 'squid',
  title: 'Squid',
  readBy: 'squid, by `conf.d` or by a line in `squid.conf`',
  takesEffect:
    'When Squid is restarted, which `nettune-host apply` does; a reload changes neither descriptors nor the queue.',
  territory: ['etc/squid/'],
  draft: (plan) => {
    if (plan.role !== 'squid-proxy') return [];
    const own = plan.decisions.filter(isSquid);
    const directives = own.map((decision) => ({ comment: commentOn(decision), line: asDirective(decision, plan) }));
    return [
      {
        path: squidSnippet(plan),
        purpose: "Squid's descriptors, and with them its accept queue",
        carries: own.map(({ parameter }) => parameter),
        body: { template: 'squid/squid.conf', view: { notes: notesFor(plan), directives } },
      },
    ];
  },
};

/** Below /. */
function squidSnippet({ name, host }: Plan): string {
  return `${host.distribution.squid.snippets}/nettune-${name}.conf`;
}

const MAIN_FILE = 'etc/squid/squid.conf';

/** What squid.conf needs: nothing, a line that includes the snippet, or what the snippet says. */
export function squidLines(plan: Plan): ForeignLine[] {
  if (plan.role !== 'squid-proxy' || plan.host.distribution.squid.isIncluded) return [];
  const lines = canInclude(plan)
    ? [`include /${squidSnippet(plan)}`]
    : plan.decisions.filter(isSquid).map((decision) => asDirective(decision, plan));
  return lines.map((line) => ({ path: MAIN_FILE, line, isOptional: false }));
}

function notesFor(plan: Plan): string[] {
  const [first] = squidLines(plan);
  return [
    ...wrapComment(
      'Stop and start Squid after a change: a reload takes no other number of descriptors, and no other queue.',
    ),
    ...(first ? ['#', ...howItIsRead(plan, first)] : []),
  ];
}

function howItIsRead(plan: Plan, { line }: ForeignLine): string[] {
  if (canInclude(plan)) return [`# Squid reads this only if /${MAIN_FILE} has this line:`, `# ${line}`];
  return wrapComment(
    `Squid does not read this file: this version cannot include one. The directives have to stand at the end of /${MAIN_FILE} itself; here are the reasons.`,
  );
}

function canInclude({ host }: Plan): boolean {
  return squidGeneration(host.distribution.programs.squid).includes;
}

function isSquid({ parameter }: Decision): boolean {
  return findParameter(parameter)?.kind === 'squid';
}

function asDirective({ spelling, value }: Decision, { host }: Plan): string {
  const { names } = squidGeneration(host.distribution.programs.squid);
  return `${names[spelling] ?? spelling} ${formatValue(value)}`;
}
