import { spell } from '../parameters/on-kernel.ts';
import { findParameter } from '../parameters/parameters.ts';
import { LOCAL_PORTS } from '../rules/local-ports.ts';
import { isServedUntracked } from '../rules/packet-rules.ts';
import { portsToReserve, RESERVED } from '../rules/reserved-ports.ts';
import { circumstancesOf } from '../rules/rule.ts';
import { decisionOn } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import { formatPorts, readPorts, subtractPorts } from '../values/ports.ts';
import type { Check } from './check.ts';

export const ephemeralPortsAvoidListeners: Check = {
  id: 'ephemeral-ports-avoid-listeners',
  severity: 'error',
  softens: true,
  what: 'Every served port within net.ipv4.ip_local_port_range is in net.ipv4.ip_local_reserved_ports; a warning where the ports are tracked.',
  why: 'An outgoing connection that starts from a served port keeps the server from starting again; from an untracked one it is untracked as well, and a stateful filter drops its answers.',
  fix: 'Add the ports to the list: writing it replaces what was there, so it has to be complete.',
  source: 'Documentation/networking/ip-sysctl.rst; tried in a namespace',
  find: (plan) => {
    const given = circumstancesOf(plan);
    const missing = formatPorts(subtractPorts(portsToReserve(given), readPorts(decisionOn(plan, RESERVED)?.value)));
    if (missing.length === 0) return [];
    const isUntracked = isServedUntracked(plan.profile);
    return [
      {
        message: `${RESERVED} leaves out ${missing.join(', ')}, served${isUntracked ? ' and untracked' : ''}`,
        remedy: canReserve(plan)
          ? `add ${missing.join(',')} to the list`
          : `this kernel cannot reserve ports: serve others, or begin ${LOCAL_PORTS} above them`,
        causes: [...(decisionOn(plan, RESERVED)?.causes ?? []), 'traffic.ports'],
        severity: isUntracked ? 'error' : 'warning',
      },
    ];
  },
};

function canReserve({ host }: Plan): boolean {
  const row = findParameter(RESERVED);
  return row !== undefined && spell(row, host) !== undefined;
}
