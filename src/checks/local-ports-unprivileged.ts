import { defaultValue } from '../parameters/on-kernel.ts';
import { findParameter } from '../parameters/parameters.ts';
import { LOCAL_PORTS, listLocalPorts } from '../rules/outgoing-connections.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import type { Check } from './check.ts';

const PRIVILEGED = 'net.ipv4.ip_unprivileged_port_start';

export const localPortsUnprivileged: Check = {
  id: 'local-ports-unprivileged',
  severity: 'error',
  what: 'The first port of net.ipv4.ip_local_port_range ≥ net.ipv4.ip_unprivileged_port_start.',
  why: 'The kernel refuses a range of local ports that begins among the privileged ones, and keeps the one it had.',
  fix: 'Begin the range higher, or lower the other.',
  source: 'net/ipv4/sysctl_net_ipv4.c, ipv4_local_port_range(); from 4.11 on',
  find: (plan) => {
    const { first } = listLocalPorts({ ...plan, decided: (parameter) => decisionOn(plan, parameter) });
    const row = findParameter(PRIVILEGED);
    const start = numberFor(plan, PRIVILEGED) ?? (row && defaultValue(row, plan.host));
    if (typeof start !== 'number' || first >= start) return [];
    return [
      {
        message: `${LOCAL_PORTS} begins at ${first}, but ports below ${start} are privileged`,
        remedy: `begin at ${start} or above, or lower ${PRIVILEGED}`,
        causes: [...(decisionOn(plan, PRIVILEGED)?.causes ?? []), ...(decisionOn(plan, LOCAL_PORTS)?.causes ?? [])],
      },
    ];
  },
};
