import { roleRow } from '../roles/roles.ts';
import { portsToReserve } from '../rules/reserved-ports.ts';
import { decisionOn } from '../values/decided.ts';
import { formatPorts, parsePorts, subtractPorts } from '../values/ports.ts';
import type { Check } from './check.ts';

const RESERVED = 'net.ipv4.ip_local_reserved_ports';

export const servedPortsReserved: Check = {
  id: 'served-ports-reserved',
  severity: 'error',
  why: 'An outgoing connection that starts from an untracked port is untracked as well, and its answers meet a stateful filter unknown.',
  source: 'the packet rule for answers, which is by source port',
  find: (plan) => {
    const decided = (parameter: string) => decisionOn(plan, parameter);
    const needed = portsToReserve({ ...plan, role: roleRow(plan.role), decided });
    const written = String(decided(RESERVED)?.value ?? '');
    const reserved = written.split(',').filter((item) => /^\d+(-\d+)?$/.test(item));
    const missing = formatPorts(subtractPorts(needed, reserved.map(parsePorts)));
    if (missing.length === 0) return [];
    return [
      {
        message: `${RESERVED} leaves out ${missing.join(', ')}, served and untracked`,
        remedy: `add ${missing.join(',')} to the list`,
        causes: [...(decided(RESERVED)?.causes ?? []), 'traffic.ports'],
      },
    ];
  },
};
