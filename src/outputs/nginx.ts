import { findParameter } from '../parameters/parameters.ts';
import { serverOf } from '../roles/server.ts';
import { WORKER_CONNECTIONS } from '../rules/nginx-connections.ts';
import { commentOn } from '../text/comments.ts';
import { decisionOn } from '../values/decided.ts';
import { formatValue } from '../values/format-value.ts';
import type { Plan } from '../values/plan.ts';
import { formatPorts } from '../values/ports.ts';
import type { Output } from './output.ts';

/**
 * Lines for files that are others': a backlog is a parameter of their listen directives, and there is one events block. A
 * server of our own on the same port could carry the backlog, and would answer whoever names no site.
 */
export const nginx: Output = {
  id: 'nginx',
  title: 'nginx',
  readBy: 'nobody: put the lines into your own files, where the comments say',
  takesEffect: 'When nginx is stopped and started.',
  territory: ['etc/nginx/nettune-'],
  draft: (plan) => {
    if (serverOf(plan.profile) !== 'nginx') return [];
    return [
      {
        path: `etc/nginx/nettune-${plan.name}.lines`,
        purpose: "lines to put into nginx's own files: its queue, and connections of a worker",
        carries: plan.decisions
          .filter(({ parameter }) => findParameter(parameter)?.kind === 'nginx')
          .map(({ parameter }) => parameter),
        body: { template: 'nginx/nginx.lines', view: { events: listEvents(plan), listens: listListens(plan) } },
      },
    ];
  },
};

function listEvents(plan: Plan) {
  const decision = decisionOn(plan, WORKER_CONNECTIONS);
  if (!decision) return [];
  return [{ comment: commentOn(decision), line: `${WORKER_CONNECTIONS} ${formatValue(decision.value)};` }];
}

/** One for each family and port; what else stands in the directive stays. */
function listListens(plan: Plan) {
  const decision = decisionOn(plan, 'listen backlog');
  if (!decision) return [];
  const ports = plan.servedPorts.length > 0 ? formatPorts(plan.servedPorts) : ['80'];
  return [
    {
      comment: commentOn(decision),
      lines: ports.flatMap((port) =>
        ['', '[::]:'].map((address) => `listen ${address}${port} backlog=${formatValue(decision.value)};`),
      ),
    },
  ];
}
