import { ANY_INT, INT_MAX, INT_MIN, namespacedSince } from './bounds.ts';
import type { ParameterRow } from './parameter.ts';

type Setting = Pick<ParameterRow, 'combines' | 'summary'> &
  Partial<Pick<ParameterRow, 'type' | 'unit' | 'exists' | 'accepts' | 'safe' | 'defaults' | 'dangers' | 'effect'>> & {
    readonly name: string;
  };

const ALL_DOES_NOTHING = 'For interfaces that exist already only their own value counts: `all` does nothing.';

const ON = [{ value: 1 }];

const SETTINGS: readonly Setting[] = [
  {
    name: 'disable_ipv6',
    exists: { since: '2.6.29', unverified: true },
    combines: 'all-sets',
    dangers: [
      '1 takes every IPv6 address away at once, also the one that an administrator came in by.',
      'Programs that listen on IPv6 addresses fail to start afterwards.',
    ],
    summary: 'Whether an interface has no IPv6 at all.',
  },
  {
    name: 'forwarding',
    combines: 'all-sets',
    dangers: [
      'What forwards is decided by `all`; for one interface it only says whether it acts as a router to its neighbours.',
    ],
    summary: 'Whether an interface acts as a router: it then ignores advertisements of routers, unless accept_ra is 2.',
  },
  {
    name: 'accept_redirects',
    combines: 'interface',
    defaults: ON,
    dangers: [ALL_DOES_NOTHING, 'Whoever is on the same network can lead traffic elsewhere with 1.'],
    summary: 'Whether a redirect changes where this host sends its packets.',
  },
  {
    name: 'accept_source_route',
    exists: { since: '2.6.22', unverified: true },
    combines: 'smaller',
    type: 'integer',
    safe: { min: -1, max: 1 },
    dangers: ['0 still takes the routing header of Mobile IPv6 (type 2); a negative number takes none.'],
    summary: 'Whether packets that carry a routing header are taken.',
  },
  {
    name: 'autoconf',
    combines: 'interface',
    defaults: ON,
    dangers: [ALL_DOES_NOTHING],
    summary: 'Whether an interface makes itself addresses from the prefixes that routers advertise.',
  },
  {
    name: 'accept_ra_pinfo',
    combines: 'interface',
    defaults: ON,
    dangers: [ALL_DOES_NOTHING],
    summary: 'Whether prefixes in router advertisements are read.',
  },
  {
    name: 'accept_ra_defrtr',
    combines: 'interface',
    defaults: ON,
    dangers: [ALL_DOES_NOTHING, '0 takes no default route from advertisements: there has to be another one.'],
    summary: 'Whether a default route is taken from router advertisements.',
  },
  {
    name: 'accept_ra_rtr_pref',
    combines: 'interface',
    defaults: ON,
    dangers: [ALL_DOES_NOTHING],
    summary: 'Whether the preference in router advertisements counts.',
  },
  {
    name: 'dad_transmits',
    combines: 'interface',
    type: 'integer',
    unit: 'probes',
    safe: { min: 0, max: 100 },
    defaults: ON,
    dangers: [ALL_DOES_NOTHING, '0 uses an address without asking whether another host has it.'],
    effect: 'new-devices',
    summary: 'How often an interface asks whether another host has an address before it uses it.',
  },
  {
    name: 'router_solicitations',
    combines: 'interface',
    type: 'integer',
    unit: 'requests',
    accepts: [
      { until: '4.8', min: INT_MIN, max: INT_MAX, unverified: true },
      { since: '4.8', min: -1, max: INT_MAX, unverified: true },
    ],
    safe: { min: -1, max: 1000 },
    defaults: [
      { until: '4.8', value: 3, unverified: true },
      { since: '4.8', value: -1, formula: '-1: until a router answers', unverified: true },
    ],
    dangers: [ALL_DOES_NOTHING],
    effect: 'new-devices',
    summary: 'How often an interface asks for a router before it takes it that there is none.',
  },
  {
    name: 'max_addresses',
    combines: 'interface',
    type: 'integer',
    unit: 'addresses',
    safe: { min: 0, max: 65536 },
    defaults: [{ value: 16 }],
    dangers: [ALL_DOES_NOTHING, '0 means no limit: any host on the network can fill memory with addresses.'],
    summary: 'Most addresses that an interface makes itself from advertised prefixes.',
  },
];

/** What each interface does with packets of IPv6. Sources: net/ipv6/addrconf.c, exthdrs.c and route.c, read in 2.6.18 to 6.14. */
export const INTERFACES_IPV6: readonly ParameterRow[] = SETTINGS.map(
  ({ name, ...rest }): ParameterRow => ({
    name: `net.ipv6.conf.*.${name}`,
    kind: 'sysctl',
    exists: {},
    type: 'boolean',
    unit: '',
    accepts: ANY_INT,
    safe: { min: 0, max: 1 },
    defaults: [{ value: 0 }],
    modules: [{ module: 'ipv6' }],
    scope: namespacedSince('2.6.25', true),
    effect: 'at-once',
    source: 'net/ipv6/addrconf.c',
    ...rest,
  }),
);
