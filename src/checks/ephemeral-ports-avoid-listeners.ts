import { isServedUntracked } from '../rules/packet-rules.ts';
import { portsToReserve, RESERVED } from '../rules/reserved-ports.ts';
import { decisionOn } from '../values/decided.ts';
import { formatPorts, readPorts, subtractPorts } from '../values/ports.ts';
import type { Check } from './check.ts';

export const ephemeralPortsAvoidListeners: Check = {
  id: 'ephemeral-ports-avoid-listeners',
  severity: 'error',
  what: 'Every served port within net.ipv4.ip_local_port_range is in net.ipv4.ip_local_reserved_ports.',
  why: 'An outgoing connection that starts from a served port keeps the server from starting again; from an untracked one it is untracked as well, and a stateful filter drops its answers.',
  fix: 'Add the ports to the list: writing it replaces what was there, so it has to be complete.',
  source: 'Documentation/networking/ip-sysctl.rst; tried in a namespace',
  find: (plan) => {
    const decided = (parameter: string) => decisionOn(plan, parameter);
    const missing = formatPorts(
      subtractPorts(portsToReserve({ ...plan, decided }), readPorts(decided(RESERVED)?.value)),
    );
    if (missing.length === 0) return [];
    const isUntracked = isServedUntracked(plan.profile);
    return [
      {
        message: `${RESERVED} leaves out ${missing.join(', ')}, served${isUntracked ? ' and untracked' : ''}`,
        remedy: `add ${missing.join(',')} to the list`,
        causes: [...(decided(RESERVED)?.causes ?? []), 'traffic.ports'],
        severity: isUntracked ? 'error' : 'warning',
      },
    ];
  },
};
