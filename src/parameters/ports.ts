import { namespacedSince } from './bounds.ts';
import type { ParameterRow } from './parameter.ts';

const MANUAL = 'Documentation/networking/ip-sysctl.rst';

/** Which ports connections of this host start from. */
export const PORTS: readonly ParameterRow[] = [
  {
    name: 'net.ipv4.ip_local_port_range',
    kind: 'sysctl',
    exists: {},
    type: 'port-range',
    unit: 'ports',
    accepts: [{ min: 1, max: 65535 }],
    safe: { min: 1024, max: 65535 },
    defaults: [
      { until: '4.2', value: [32768, 61000], unverified: true },
      { since: '4.2', value: [32768, 60999], unverified: true },
    ],
    scope: namespacedSince('3.13'),
    effect: 'new-connections',
    dangers: [
      'A range that takes in the port of a server lets a connection have it when the server starts: reserve such ports.',
      'From 4.11 on it has to begin at ip_unprivileged_port_start or above.',
    ],
    redhat: {
      '6': { default: { value: [32768, 60999] } },
      '7': { default: { value: [32768, 60999] }, scope: 'namespace' },
    },
    summary: 'Ports that outgoing connections start from.',
    source: MANUAL,
  },
  {
    name: 'net.ipv4.ip_local_reserved_ports',
    kind: 'sysctl',
    exists: { since: '2.6.35' },
    type: 'ports',
    unit: 'ports',
    accepts: [{ min: 0, max: 65535 }],
    defaults: [{ value: '' }],
    scope: namespacedSince('3.16'),
    effect: 'new-connections',
    dangers: ['Writing replaces the whole list, with what others have put there.'],
    redhat: { '5': { exists: true }, '6': { exists: true } },
    summary: 'Ports that no outgoing connection is given by chance. A new list replaces the old one.',
    source: MANUAL,
  },
  {
    name: 'net.ipv4.ip_unprivileged_port_start',
    kind: 'sysctl',
    exists: { since: '4.11' },
    type: 'integer',
    unit: 'port',
    accepts: [{ min: 0, max: 65535 }],
    defaults: [{ value: 1024 }],
    scope: namespacedSince('4.11'),
    effect: 'new-sockets',
    dangers: ['It cannot lie above the first port of ip_local_port_range.', 'Every user may serve the ports above it.'],
    summary: 'The first port that a program without privileges may serve.',
    source: MANUAL,
  },
];
