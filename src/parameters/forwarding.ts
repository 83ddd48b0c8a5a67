import type { ParameterRow } from './parameter.ts';

/** Whether and how packets pass through this host. Stands first in a file: a change of `ip_forward` changes accept_redirects of every interface. */
export const FORWARDING: readonly ParameterRow[] = [
  {
    name: 'net.ipv4.ip_forward',
    kind: 'sysctl',
    aliases: ['net.ipv4.conf.all.forwarding'],
    exists: {},
    type: 'boolean',
    unit: '',
    accepts: [{ min: -2147483647, max: 2147483647 }],
    safe: { min: 0, max: 1 },
    defaults: [{ value: 0 }],
    summary: 'Forwarding of IPv4 on all interfaces. A change turns accept_redirects of every interface the other way.',
    source: 'net/ipv4/devinet.c',
  },
  {
    name: 'net.ipv6.conf.all.forwarding',
    kind: 'sysctl',
    exists: {},
    type: 'boolean',
    unit: '',
    accepts: [{ min: -2147483647, max: 2147483647 }],
    safe: { min: 0, max: 1 },
    defaults: [{ value: 0 }],
    summary:
      'Forwarding of IPv6 on all interfaces. An interface that forwards ignores router advertisements unless accept_ra is 2.',
    source: 'Documentation/networking/ip-sysctl.rst',
  },
];
