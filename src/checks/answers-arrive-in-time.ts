import { decisionOn } from '../values/decided.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

/** Seconds in which an answer to a first packet may still come: a resolver waits so long before it asks again. */
const PATIENCE = 5;

/** How long the entry of a packet stays that nobody has answered. */
const UNANSWERED = [
  'net.netfilter.nf_conntrack_tcp_timeout_syn_sent',
  'net.netfilter.nf_conntrack_tcp_timeout_syn_recv',
  'net.netfilter.nf_conntrack_udp_timeout',
  'net.netfilter.nf_conntrack_icmp_timeout',
  'net.netfilter.nf_conntrack_icmpv6_timeout',
];

export const answersArriveInTime: Check = {
  id: 'answers-arrive-in-time',
  severity: 'error',
  what: `Entries that wait for a first answer (SYN sent or received, UDP, ICMP) stay for ${PATIENCE} s or longer.`,
  why: 'An answer that comes after its entry has ended belongs to nothing: a filter by states drops it, and it is not translated back. Name service is the first to fail, and only when it is slow.',
  fix: "Remove the timeout, or use one of the kernel's size: 30 s and more.",
  source: 'nf_conntrack_core.c; resolv.conf(5), which waits 5 s for an answer',
  find: (plan) =>
    UNANSWERED.flatMap((name) => {
      const decision = decisionOn(plan, name);
      if (typeof decision?.value !== 'number' || decision.value >= PATIENCE) return [];
      return [
        {
          message: `${decision.spelling} ${formatCount(decision.value)} s ends an entry before an answer that takes ${PATIENCE} s has come`,
          remedy: `use \`${PATIENCE}\` or more, or leave it to nettune`,
          causes: decision.causes,
        },
      ];
    }),
};
