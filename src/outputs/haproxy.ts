import { serverOf } from '../roles/server.ts';
import { MAXCONN } from '../rules/haproxy-connections.ts';
import { commentOn } from '../text/comments.ts';
import { wrapComment } from '../text/printable.ts';
import { decisionOn } from '../values/decided.ts';
import { formatValue } from '../values/format-value.ts';
import type { Decision, Plan } from '../values/plan.ts';
import type { Draft, Output } from './output.ts';

/** A section of our own where HAProxy can be told to read it, and it is the only one that says so; otherwise lines. */
export const haproxy: Output = {
  id: 'haproxy',
  title: 'HAProxy',
  readBy: 'HAProxy on the family of Debian, by `/etc/default/haproxy`; elsewhere put the lines into your own file',
  takesEffect: 'When HAProxy is restarted.',
  territory: ['etc/haproxy/'],
  draft: (plan) => {
    const decision = decisionOn(plan, MAXCONN);
    if (serverOf(plan.profile) !== 'haproxy' || !decision) return [];
    return [haproxySection(plan) ? draftSection(plan, decision) : draftLines(plan, decision)];
  },
};

/**
 * The file with our section, below /. There is none on Red Hat: the global section of its haproxy.cfg says `maxconn 4000`,
 * and HAProxy keeps what is said first; its defaults section says 3000, which no file of ours can change; and before release
 * 9 nothing reads a second file (sources: the file as public repositories hold it, Red Hat's Load Balancer Administration).
 */
export function haproxySection({ name, host }: Plan): string | undefined {
  return host.distribution.family === 'debian' ? `etc/haproxy/nettune-${name}.cfg` : undefined;
}

const FILE = {
  purpose: "HAProxy's connections, and with them its accept queue",
  carries: [MAXCONN],
};

const asLine = ({ value }: Decision): string => `    ${MAXCONN} ${formatValue(value)}`;

const NOTES =
  'The drop-in of the unit has HAProxy read this; an EXTRAOPTS in /etc/default/haproxy would win over it, and has to name this file as well. A maxconn in the global section of haproxy.cfg wins over this one. Frontends with a maxconn or a backlog of their own, or of their defaults section, keep that.';

function draftSection(plan: Plan, decision: Decision): Draft {
  const entry = { comment: commentOn(decision, '    #'), line: asLine(decision) };
  return {
    ...FILE,
    path: haproxySection(plan) ?? '',
    body: { template: 'haproxy/haproxy.cfg', view: { notes: wrapComment(NOTES), entry } },
  };
}

const PLACES = [
  'Into the section `global`, for the line on the same that is there: HAProxy keeps what is said first, and goes on.',
  'Into the section `defaults`, for the line on the same that is there, or into each frontend: it asks for a queue of this length. One that is told nothing asks for 2,000 before HAProxy 2.0, and for as many as `global` says since.',
];

function draftLines(plan: Plan, decision: Decision): Draft {
  const places = PLACES.map((where) => ({ where: wrapComment(where), line: asLine(decision) }));
  return {
    ...FILE,
    path: `etc/haproxy/nettune-${plan.name}.lines`,
    purpose: "lines to put into HAProxy's own file: its connections, and with them its accept queue",
    body: { template: 'haproxy/haproxy.lines', view: { places, comment: commentOn(decision) } },
  };
}
