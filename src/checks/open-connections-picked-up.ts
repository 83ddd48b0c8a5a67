import { isAnyOutboundUntracked } from '../rules/outbound-rules.ts';
import { isServedUntracked } from '../rules/packet-rules.ts';
import { decisionOn } from '../values/decided.ts';
import type { Check } from './check.ts';

const NAME = 'net.netfilter.nf_conntrack_tcp_loose';

export const openConnectionsPickedUp: Check = {
  id: 'open-connections-picked-up',
  severity: 'warning',
  what: 'nf_conntrack_tcp_loose is 1 on a gateway, and where connections are untracked.',
  why: 'With tcp_loose 0 an open connection that is not in the table stays out of it: after a restart of a gateway, or when ports are tracked again, all of them die.',
  fix: 'Remove the override.',
  source: 'nf_conntrack_proto_tcp.c; tried: removing NOTRACK with tcp_loose 0',
  find: (plan) => {
    const decision = decisionOn(plan, NAME);
    const isUntracked = isServedUntracked(plan.profile) || isAnyOutboundUntracked(plan.profile);
    if (decision?.value !== 0 || !(isUntracked || plan.role === 'nat-gateway')) return [];
    const when = isUntracked ? 'when what is untracked is tracked again' : 'when this gateway has lost its table';
    return [
      {
        message: `${decision.spelling} 0 ends all open connections ${when}`,
        remedy: 'remove the override: 1 is the default of the kernel',
        causes: decision.causes,
      },
    ];
  },
};
