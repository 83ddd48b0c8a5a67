import { serverService } from '../distributions/server-service.ts';
import { findParameter } from '../parameters/parameters.ts';
import { serverOf } from '../roles/server.ts';
import { commentOn } from '../text/comments.ts';
import { wrapComment } from '../text/printable.ts';
import { formatValue } from '../values/format-value.ts';
import type { Decision, Plan } from '../values/plan.ts';
import { haproxySection } from './haproxy.ts';
import type { Output } from './output.ts';

/** Limits of the server's unit, in a drop-in: the unit itself stays the distribution's. */
export const systemd: Output = {
  id: 'systemd',
  title: 'Open files',
  readBy: 'systemd, when it starts the server',
  takesEffect: 'When the server is restarted, which `nettune-host apply` does.',
  territory: [
    'etc/systemd/system/apache2.service.d/',
    'etc/systemd/system/httpd.service.d/',
    'etc/systemd/system/nginx.service.d/',
    'etc/systemd/system/haproxy.service.d/',
    'etc/systemd/system/squid.service.d/',
  ],
  draft: (plan) => {
    if (!plan.host.distribution.programs.systemd) return [];
    const service = serverService(plan);
    const limits = plan.decisions.filter(isLimit);
    if (service === undefined || limits.length === 0) return [];
    return [
      {
        path: `etc/systemd/system/${service}.service.d/nettune-${plan.name}.conf`,
        purpose: `open files that ${service} may have`,
        carries: limits.map(({ parameter }) => parameter),
        body: {
          template: 'systemd/drop-in.conf',
          view: { entries: limits.flatMap((limit) => listEntries(limit, plan)) },
        },
      },
    ];
  },
};

export function isLimit({ parameter }: Decision): boolean {
  return findParameter(parameter)?.kind === 'systemd';
}

function listEntries(limit: Decision, plan: Plan) {
  const own = { comment: commentOn(limit), line: `${limit.spelling}=${formatValue(limit.value)}` };
  const server = serverOf(plan.profile);
  if (server === 'apache') return [own, ...listForApache(limit, plan)];
  return server === 'haproxy' ? [own, ...listForHaproxy(plan)] : [own];
}

function listForApache({ value }: Decision, { host }: Plan) {
  const variable = host.distribution.apache.limitVariable;
  if (variable === undefined) return [];
  const why = 'apachectl of this distribution sets its own limit afterwards, unless this tells it the same one.';
  return [{ comment: wrapComment(why), line: `Environment="${variable}=ulimit -n ${formatValue(value)}"` }];
}

/** Debian's unit has its socket for the master in the same variable. */
function listForHaproxy(plan: Plan) {
  const section = haproxySection(plan);
  if (!section) return [];
  const why = "The unit's own options, and our file.";
  const line = `Environment="EXTRAOPTS=-S /run/haproxy-master.sock -f /${section}"`;
  return [{ comment: wrapComment(why), line }];
}
