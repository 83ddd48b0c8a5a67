import { ANY_INT } from './bounds.ts';
import { BRIDGE_MODULES } from './folder-modules.ts';
import type { ParameterRow } from './parameter.ts';

const TABLES = [
  { name: 'iptables', packets: 'IPv4 packets', filter: 'iptables' },
  { name: 'ip6tables', packets: 'IPv6 packets', filter: 'ip6tables' },
  { name: 'arptables', packets: 'ARP packets', filter: 'arptables' },
];

/** Packets that only pass through a bridge. Source: net/bridge/br_netfilter.c, br_netfilter_hooks.c, read in 2.6.18 to 6.14. */
export const BRIDGES: readonly ParameterRow[] = TABLES.map(
  ({ name, packets, filter }): ParameterRow => ({
    name: `net.bridge.bridge-nf-call-${name}`,
    kind: 'sysctl',
    exists: {},
    type: 'boolean',
    unit: '',
    // Whatever is not 0 is kept as 1.
    accepts: ANY_INT,
    safe: { min: 0, max: 1 },
    defaults: [{ value: 1 }],
    modules: BRIDGE_MODULES,
    scope: [
      { until: '5.3', scope: 'machine-hidden', unverified: true },
      { since: '5.3', scope: 'namespace', unverified: true },
    ],
    effect: 'at-once',
    dangers: [
      'Kubernetes and Docker need 1; virtual machines on a bridge want 0.',
      'The module makes bridged packets pass the filter as soon as it is loaded.',
    ],
    redhat: { '7': { module: 'br_netfilter' } },
    summary: `Whether ${packets} that pass through a bridge go through ${filter}.`,
    source: 'net/bridge/br_netfilter_hooks.c',
  }),
);
