import { ANY_INT, namespacedSince } from './bounds.ts';
import type { ParameterRow } from './parameter.ts';

/** Whether and how packets pass through this host. Stands first in a file: `ip_forward` resets settings of every interface; `accept_ra` has to come before IPv6 forwarding. */
export const FORWARDING: readonly ParameterRow[] = [
  {
    name: 'net.ipv4.ip_forward',
    kind: 'sysctl',
    aliases: [{ name: 'net.ipv4.conf.all.forwarding' }],
    exists: {},
    type: 'boolean',
    unit: '',
    accepts: ANY_INT,
    safe: { min: 0, max: 1 },
    defaults: [{ value: 0 }],
    scope: namespacedSince('2.6.25'),
    effect: 'at-once',
    dangers: [
      'A change also sets forwarding of every interface and turns accept_redirects the other way: other settings of interfaces have to come after it.',
      'A host that forwards without a packet filter is an open router.',
    ],
    summary: 'Forwarding of IPv4 on all interfaces. A change turns accept_redirects of every interface the other way.',
    source: 'net/ipv4/devinet.c',
  },
  {
    name: 'net.ipv6.conf.*.accept_ra',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: '',
    accepts: ANY_INT,
    safe: { min: 0, max: 2 },
    defaults: [{ value: 1 }],
    modules: [{ module: 'ipv6' }],
    scope: namespacedSince('2.6.25'),
    combines: 'interface',
    effect: 'at-once',
    dangers: [
      '2 exists from 2.6.37 on; before, an interface that forwards never listens.',
      'It has to be 2 before forwarding is switched on: that throws away the routes of interfaces where it is not.',
    ],
    summary:
      'Whether an interface listens to router advertisements: 0 never, 1 unless it forwards, 2 although it forwards.',
    source: 'net/ipv6/addrconf.c, rt6_purge_dflt_routers()',
  },
  {
    name: 'net.ipv6.conf.all.forwarding',
    kind: 'sysctl',
    exists: {},
    type: 'boolean',
    unit: '',
    accepts: ANY_INT,
    safe: { min: 0, max: 1 },
    defaults: [{ value: 0 }],
    modules: [{ module: 'ipv6' }],
    scope: namespacedSince('2.6.25'),
    effect: 'at-once',
    dangers: [
      'A host whose default route comes by router advertisement loses it, unless accept_ra of that interface is 2 before.',
    ],
    summary:
      'Forwarding of IPv6 on all interfaces. An interface that forwards ignores router advertisements unless accept_ra is 2.',
    source: 'Documentation/networking/ip-sysctl.rst',
  },
  {
    name: 'net.ipv4.conf.*.rp_filter',
    kind: 'sysctl',
    exists: {},
    type: 'integer',
    unit: '',
    accepts: ANY_INT,
    safe: { min: 0, max: 2 },
    defaults: [{ value: 0 }],
    scope: namespacedSince('2.6.25'),
    combines: 'larger',
    formerlyCombines: { until: '2.6.31', combines: 'both' },
    effect: 'at-once',
    dangers: [
      'From 2.6.31 on the larger of `all` and the interface counts, so `all` at 1 makes every interface strict; before, both had to be on. 2 exists from 2.6.30 on.',
      'Strict (1) drops packets that return another way: several uplinks, policy routing, LVS.',
      'It drops in silence: only the counter IPReversePathFilter (2.6.37) and log_martians tell.',
    ],
    summary:
      'Whether a packet is dropped when its sender would not be reached through the interface it came in by: 0 never, 1 strict, 2 when through none.',
    source: 'include/linux/inetdevice.h, commits c1cf8422f051, 27fed4175acf',
  },
];
