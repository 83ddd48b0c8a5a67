import { httpdGeneration } from '../distributions/httpd-generations.ts';
import { serverOf } from '../roles/server.ts';
import { commentOn } from '../text/comments.ts';
import { decisionOn } from '../values/decided.ts';
import { formatValue } from '../values/format-value.ts';
import type { Plan } from '../values/plan.ts';
import type { Output } from './output.ts';

/** These may stand once for every MPM; the others only make sense for the one that is loaded. */
const FOR_EVERY_MPM = ['ListenBacklog'];
const FOR_THE_MPM = ['ServerLimit', 'ThreadsPerChild', 'MaxRequestWorkers'];

/** A snippet of httpd directives. They take effect when httpd is stopped and started, and not before. */
export const apache: Output = {
  id: 'apache',
  title: 'Apache httpd',
  readBy: 'httpd, by `conf-enabled` or `conf.d`',
  takesEffect:
    'When httpd is stopped and started, which `nettune-host apply` does; a reload changes neither the queue nor `ServerLimit`.',
  territory: ['etc/apache2/', 'etc/httpd/'],
  draft: (plan) => {
    if (serverOf(plan.profile) !== 'apache') return [];
    const { mpms, names } = httpdGeneration(plan.host.distribution.programs.httpd);
    const directives = (parameters: readonly string[], indent: string) => asDirectives(plan, parameters, names, indent);
    const view = {
      general: directives(FOR_EVERY_MPM, ''),
      // Without one the plan has a problem of its own.
      module: mpms[plan.profile.apache?.mpm ?? 'event'] ?? 'none',
      workers: directives(FOR_THE_MPM, '    '),
    };
    return [
      {
        path: `${plan.host.distribution.apache.snippets}/nettune-${plan.name}.conf`,
        purpose: "Apache's listen backlog and worker limits",
        carries: [...FOR_EVERY_MPM, ...FOR_THE_MPM],
        body: { template: 'apache/apache.conf', view },
      },
    ];
  },
};

function asDirectives(
  plan: Plan,
  parameters: readonly string[],
  names: Readonly<Record<string, string>>,
  indent: string,
) {
  return parameters.flatMap((parameter) => {
    const decision = decisionOn(plan, parameter);
    if (!decision) return [];
    const line = `${indent}${names[parameter] ?? parameter} ${formatValue(decision.value)}`;
    return [{ comment: commentOn(decision, `${indent}#`), line }];
  });
}
