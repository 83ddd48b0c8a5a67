import { ANY_INT, namespacedSince } from './bounds.ts';
import type { Combination, ParameterRow } from './parameter.ts';

/** A setting of IPv4 that every interface has, and `all` and `default` as well. */
interface Setting extends Pick<ParameterRow, 'summary'>, Partial<Pick<ParameterRow, 'exists' | 'dangers' | 'redhat'>> {
  readonly name: string;
  readonly standard: number;
  readonly formula?: string;
  readonly combines: Combination;
  /** The largest value that means something; absent for a switch. */
  readonly most?: number;
}

const SETTINGS: readonly Setting[] = [
  {
    name: 'forwarding',
    standard: 0,
    combines: 'all-sets',
    dangers: ['net.ipv4.ip_forward sets it on every interface: it has to come after that.'],
    summary: 'Whether packets that come in by this interface are forwarded.',
  },
  {
    name: 'accept_redirects',
    standard: 1,
    combines: 'either',
    dangers: [
      'On an interface that forwards, `all` and the interface both have to be on; elsewhere one of them is enough, so 0 has to be set for both.',
      'A change of net.ipv4.ip_forward sets it again on every interface.',
      'Whoever is on the same network can lead traffic elsewhere with 1.',
    ],
    summary: 'Whether an ICMP redirect changes where this host sends its packets.',
  },
  {
    name: 'secure_redirects',
    standard: 1,
    combines: 'either',
    dangers: ['It counts only where accept_redirects is on, and shared_media overrides it.'],
    summary: 'Whether redirects are taken from known gateways alone.',
  },
  {
    name: 'send_redirects',
    standard: 1,
    combines: 'either',
    dangers: ['0 for one interface does nothing while `all` is 1.'],
    summary: 'Whether a router tells a sender of a shorter way.',
  },
  {
    name: 'accept_source_route',
    standard: 0,
    formula: '0 for `all`, 1 for each interface: both have to be on',
    combines: 'both',
    dangers: ['1 lets a sender choose the way of its packets, around a filter.'],
    summary: 'Whether packets that carry their own route are taken.',
  },
  {
    name: 'log_martians',
    standard: 0,
    combines: 'either',
    dangers: ['It can flood the log: every packet with an address that cannot be right is a line.'],
    summary: 'Whether packets with impossible addresses are logged.',
  },
  {
    name: 'shared_media',
    standard: 1,
    combines: 'either',
    dangers: ['1 overrides secure_redirects.'],
    summary: 'Whether networks of different addresses may share one cable; redirects depend on it.',
  },
  {
    name: 'arp_ignore',
    standard: 0,
    most: 8,
    combines: 'larger',
    dangers: [
      'From 1 on an address answers only at its own interface: bridges and hosts with addresses on lo can become unreachable.',
    ],
    summary:
      'Which ARP requests are answered: 0 for any address of this host, 1 for addresses of that interface, 2 only from its network, 8 for none.',
  },
  {
    name: 'arp_announce',
    standard: 0,
    most: 2,
    combines: 'larger',
    summary:
      'Which own address ARP requests carry: 0 any, 1 one of the network asked, if there is one, 2 always the best one.',
  },
  {
    name: 'arp_filter',
    standard: 0,
    combines: 'either',
    dangers: ['1 needs routes by source where several interfaces share a network; otherwise requests stay unanswered.'],
    summary: 'Whether ARP is answered only by the interface that a packet back would leave by.',
  },
  {
    name: 'proxy_arp',
    standard: 0,
    combines: 'either',
    dangers: ['1 draws traffic for other hosts to this one.'],
    summary: 'Whether this host answers ARP for addresses that it has a route to.',
  },
  {
    name: 'promote_secondaries',
    standard: 0,
    formula: '0; systemd sets 1 at boot',
    combines: 'either',
    dangers: ['With 0, further addresses of a network vanish with its first one.'],
    summary: 'Whether the next address takes the place of a first one that is removed.',
  },
  {
    name: 'route_localnet',
    exists: { since: '3.6' },
    standard: 0,
    combines: 'either',
    dangers: ['1 lets neighbours reach services that listen on 127.0.0.1, unless a filter drops that.'],
    redhat: { '6': { exists: true } },
    summary: 'Whether 127.0.0.0/8 may be routed; translation to services on loopback needs it.',
  },
];

/** What each interface does with packets of IPv4. Sources: DEVINET_SYSCTL_* and IN_DEV_*, read in 2.6.18 to 6.14. */
export const INTERFACES: readonly ParameterRow[] = SETTINGS.map(
  ({ name, standard, formula, most, ...rest }): ParameterRow => ({
    name: `net.ipv4.conf.*.${name}`,
    kind: 'sysctl',
    exists: {},
    type: most === undefined ? 'boolean' : 'integer',
    unit: '',
    accepts: ANY_INT,
    safe: { min: 0, max: most ?? 1 },
    defaults: [{ value: standard, ...(formula ? { formula } : {}) }],
    scope: namespacedSince('2.6.25'),
    effect: 'at-once',
    source: 'net/ipv4/devinet.c, include/linux/inetdevice.h',
    ...rest,
  }),
);
