import { formatPorts, intersectPorts } from '../values/ports.ts';
import type { Rule } from './rule.ts';

const DEFAULT_RANGE = [32768, 60999];

/**
 * A served port that is not tracked must never be the source of an outgoing connection: the rule for our answers
 * (`--sport`) would leave that connection untracked too, and its replies would meet a stateful filter unknown.
 */
export const reservedPorts: Rule = {
  id: 'reserved-ports',
  propose: ({ profile, servedPorts, decided }) => {
    if (!profile.conntrack?.untracked?.served) return [];
    const [first = 0, last = 0] = (decided('net.ipv4.ip_local_port_range') ?? DEFAULT_RANGE) as readonly number[];
    const ports = formatPorts(intersectPorts(servedPorts, [{ first, last }]));
    if (ports.length === 0) return [];
    const reason =
      'Served and untracked, so no outgoing connection may start from them: its packets would be untracked as well.';
    return [
      {
        parameter: 'net.ipv4.ip_local_reserved_ports',
        value: ports.join(','),
        reason,
        causes: ['traffic.ports', 'conntrack.untracked.served'],
      },
    ];
  },
};
