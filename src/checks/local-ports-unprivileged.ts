import { LOCAL_PORTS, listLocalPorts } from '../rules/local-ports.ts';
import { circumstancesOf, numberInForce } from '../rules/rule.ts';
import { decisionOn } from '../values/decided.ts';
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
    const given = circumstancesOf(plan);
    const { first } = listLocalPorts(given);
    const start = numberInForce(PRIVILEGED, given);
    if (start === undefined || first >= start) return [];
    return [
      {
        message: `${LOCAL_PORTS} begins at ${first}, but ports below ${start} are privileged`,
        remedy: `begin at ${start} or above, or lower ${PRIVILEGED}`,
        causes: [...(decisionOn(plan, PRIVILEGED)?.causes ?? []), ...(decisionOn(plan, LOCAL_PORTS)?.causes ?? [])],
      },
    ];
  },
};
