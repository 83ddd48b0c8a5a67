import { serverOf } from '../roles/server.ts';
import { MAXCONN } from '../rules/haproxy-connections.ts';
import { commentOn } from '../text/comments.ts';
import { wrapComment } from '../text/printable.ts';
import { decisionOn } from '../values/decided.ts';
import { formatValue } from '../values/format-value.ts';
import type { Plan } from '../values/plan.ts';
import type { Output } from './output.ts';

/** A section of our own: HAProxy adds up all global sections of all files that it is started with. */
export const haproxy: Output = {
  id: 'haproxy',
  territory: ['etc/haproxy/'],
  draft: (plan) => {
    const decision = decisionOn(plan, MAXCONN);
    if (serverOf(plan.profile) !== 'haproxy' || !decision) return [];
    const entry = { comment: commentOn(decision, '    #'), line: `    ${MAXCONN} ${formatValue(decision.value)}` };
    return [
      {
        path: haproxyFile(plan),
        purpose: "HAProxy's connections, and with them its accept queue",
        carries: [MAXCONN],
        body: { template: 'haproxy/haproxy.cfg', view: { notes: wrapComment(NOTES[familyOf(plan)]), entry } },
      },
    ];
  },
};

const familyOf = ({ host }: Plan) => host.distribution.family;

/** Debian's unit is told of it by its variable; Red Hat's release 9 reads the folder. */
const NOTES = {
  debian:
    'The drop-in of the unit has HAProxy read this; an EXTRAOPTS in /etc/default/haproxy would win over it, and has to name this file as well. Frontends with a maxconn or a backlog of their own keep that.',
  redhat:
    'HAProxy reads this folder where its unit says -f $CFGDIR; otherwise add -f and this file to OPTIONS in /etc/sysconfig/haproxy. Frontends with a maxconn or a backlog of their own keep that.',
};

/** Below /. */
export function haproxyFile(plan: Plan): string {
  const folder = familyOf(plan) === 'debian' ? 'etc/haproxy' : 'etc/haproxy/conf.d';
  return `${folder}/nettune-${plan.name}.cfg`;
}
