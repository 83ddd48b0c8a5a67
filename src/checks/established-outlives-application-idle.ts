import { roleRow } from '../roles/roles.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import { formatCount, parseDuration } from '../values/quantities.ts';
import type { Check } from './check.ts';

const ESTABLISHED = 'net.netfilter.nf_conntrack_tcp_timeout_established';

export const establishedOutlivesApplicationIdle: Check = {
  id: 'established-outlives-application-idle',
  severity: 'error',
  what: 'conntrack.timeouts.established > the longest silence of a connection: `traffic.longestIdle`, or what the server of the role allows.',
  why: 'A connection may be silent and alive. When its entry ends first, its next packet belongs to nothing: a filter drops it, and a NAT translates it no more.',
  fix: 'Raise the timeout, or let the programs give up silent connections earlier and say so in `traffic.longestIdle`.',
  source: 'nf_conntrack_proto_tcp.c; docs/how-to/established-for-days.md',
  find: (plan) => {
    const established = numberFor(plan, ESTABLISHED);
    const own = plan.profile.traffic?.longestIdle;
    const byRole = roleRow(plan.role).longestIdle;
    const idle = own === undefined ? byRole?.seconds : parseDuration(own);
    if (established === undefined || idle === undefined || established > idle) return [];
    const whose = own === undefined ? byRole?.because : `connections may be silent for ${formatCount(idle)} s`;
    return [
      {
        message: `the entry of a silent connection ends after ${formatCount(established)} s, but ${whose}`,
        remedy: `set \`conntrack.timeouts.established\` above \`${idle}s\``,
        causes: [...(decisionOn(plan, ESTABLISHED)?.causes ?? []), 'traffic.longestIdle'],
      },
    ];
  },
};
