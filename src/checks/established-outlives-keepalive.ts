import { DEFAULT_KEEPALIVE_SECONDS } from '../rules/keepalive.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

const ESTABLISHED = 'net.netfilter.nf_conntrack_tcp_timeout_established';
const KEEPALIVE = 'net.ipv4.tcp_keepalive_time';

export const establishedOutlivesKeepalive: Check = {
  id: 'established-outlives-keepalive',
  severity: 'error',
  what: 'On a host that serves: conntrack.timeouts.established > net.ipv4.tcp_keepalive_time.',
  why: 'When the entry of an idle connection ends before its first keepalive probe, the connection dies although both ends live.',
  fix: 'Raise the timeout, or lower net.ipv4.tcp_keepalive_time; nettune takes a third of the timeout, at most 1,200 s.',
  source: 'RFC 5382 REQ-5; net/ipv4/tcp_timer.c',
  find: (plan) => {
    const established = numberFor(plan, ESTABLISHED);
    const keepalive = numberFor(plan, KEEPALIVE) ?? DEFAULT_KEEPALIVE_SECONDS;
    const isOthers = plan.role === 'nat-gateway'; // whose clients probe, and nat-timeouts-respect-rfc knows when
    if (isOthers || established === undefined || established > keepalive) return [];
    return [
      {
        message: `an idle connection loses its entry after ${formatCount(established)} s, but the first keepalive probe is sent after ${formatCount(keepalive)} s`,
        remedy: `set \`conntrack.timeouts.established\` above \`${keepalive}s\`${established > 1 ? `, or ${KEEPALIVE} below \`${established}\`` : ''}`,
        causes: [...(decisionOn(plan, ESTABLISHED)?.causes ?? []), ...(decisionOn(plan, KEEPALIVE)?.causes ?? [])],
      },
    ];
  },
};
