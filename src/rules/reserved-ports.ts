import { formatPorts, intersectPorts, type PortRange } from '../values/ports.ts';
import { LOCAL_PORTS, listLocalPorts } from './local-ports.ts';
import { isServedUntracked } from './packet-rules.ts';
import type { Circumstances, Rule } from './rule.ts';

export const RESERVED = 'net.ipv4.ip_local_reserved_ports';

const UNTRACKED =
  'Served and untracked, so no outgoing connection may start from them: its packets would be untracked as well.';

const SERVED =
  'Served, so no outgoing connection may start from them: a server that starts again would find its port taken.';

/** A served port must never be the source of an outgoing connection, by chance: `--sport` of our rules would match it, or a server could not have it back. */
export const reservedPorts: Rule = {
  id: 'reserved-ports',
  source: 'Documentation/networking/ip-sysctl.rst',
  propose: (given) => {
    const ports = formatPorts(portsToReserve(given));
    if (ports.length === 0) return [];
    const isUntracked = isServedUntracked(given.profile);
    return [
      {
        parameter: RESERVED,
        value: ports.join(','),
        reason: isUntracked ? UNTRACKED : SERVED,
        causes: ['traffic.ports', ...causesOfRange(ports, given)],
      },
    ];
  },
};

/** Where connections start from, if the kernel's range has other ones of the served ports. */
function causesOfRange(ports: readonly (number | string)[], given: Circumstances): readonly string[] {
  const untouched = portsToReserve({ ...given, decided: () => undefined });
  return String(formatPorts(untouched)) === String(ports) ? [] : (given.decided(LOCAL_PORTS)?.causes ?? []);
}

/** Served, and where an outgoing connection may start from. */
export function portsToReserve(given: Pick<Circumstances, 'servedPorts' | 'decided' | 'host'>): PortRange[] {
  return intersectPorts(given.servedPorts, [listLocalPorts(given)]);
}
