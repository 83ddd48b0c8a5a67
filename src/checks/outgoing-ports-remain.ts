import { listLocalPorts } from '../rules/reserved-ports.ts';
import { decisionOn } from '../values/decided.ts';
import { countPorts, parsePorts, subtractPorts } from '../values/ports.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

const RESERVED = 'net.ipv4.ip_local_reserved_ports';

/** With fewer, name servers, package mirrors and databases cannot be asked at all on a busy minute. */
const FEWEST = 1024;

export const outgoingPortsRemain: Check = {
  id: 'outgoing-ports-remain',
  severity: 'error',
  why: 'A host without free ports opens no connection of its own, and asks no name server.',
  source: 'tried: curl with all local ports reserved, in a namespace',
  find: (plan) => {
    const reserved = String(decisionOn(plan, RESERVED)?.value ?? '').split(',');
    const ranges = reserved.filter((item) => /^\d+(-\d+)?$/.test(item)).map(parsePorts);
    const left = countPorts(subtractPorts([listLocalPorts((parameter) => decisionOn(plan, parameter))], ranges));
    if (ranges.length === 0 || left >= FEWEST) return [];
    return [
      {
        message: `reserved ports leave ${formatCount(left)} for connections that this host opens`,
        remedy: `serve fewer of the ports of net.ipv4.ip_local_port_range, or widen that`,
        causes: [...(decisionOn(plan, RESERVED)?.causes ?? []), 'sysctl.net.ipv4.ip_local_port_range'],
      },
    ];
  },
};
