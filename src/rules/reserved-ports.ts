import { formatPorts, intersectPorts, type PortRange } from '../values/ports.ts';
import { isServedUntracked } from './packet-rules.ts';
import type { Circumstances, Rule } from './rule.ts';

/** Where outgoing connections start from when nobody says otherwise. */
const DEFAULT_RANGE: PortRange = { first: 32768, last: 60999 };

const RANGE = 'net.ipv4.ip_local_port_range';

/**
 * A served port that is not tracked must never be the source of an outgoing connection: the rule for our answers
 * (`--sport`) would leave that connection untracked too, and its replies would meet a stateful filter unknown.
 */
export const reservedPorts: Rule = {
  id: 'reserved-ports',
  propose: (given) => {
    const ports = formatPorts(portsToReserve(given));
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

/** Served, untracked, and where an outgoing connection may start from. */
export function portsToReserve(
  given: Pick<Circumstances, 'profile' | 'role' | 'servedPorts' | 'decided'>,
): PortRange[] {
  if (!isServedUntracked(given)) return [];
  return intersectPorts(given.servedPorts, [listLocalPorts(given.decided)]);
}

/** The ports that outgoing connections start from. */
export function listLocalPorts(decided: Circumstances['decided']): PortRange {
  const range = decided(RANGE)?.value;
  const [first, last] = Array.isArray(range) ? range : [];
  return first === undefined || last === undefined ? DEFAULT_RANGE : { first, last };
}
