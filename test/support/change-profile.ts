import fc from 'fast-check';
import type { Profile } from '../../generated/profile.ts';
import { DISTRIBUTIONS } from '../../src/distributions/distributions.ts';
import { parseKeyPath } from '../../src/values/key-path.ts';

type Values = readonly unknown[];

const COUNTS: Values = [undefined, 1, 300, 20_000, 200_000, 3_000_000, 10_000_000];
const SECONDS: Values = [undefined, 1, 40, 700, 90_000, 2_000_000];
const KERNELS: Values = ['2.6.18', '2.6.32', '3.10', '4.9', '4.18', '5.4', '5.14', '6.1', '6.12'];

/** Connections to many hosts, and to a single one. */
const MANY = { port: 443, connectionsPerSecond: 900, concurrentConnections: 4000 };
const ONE = { to: '192.0.2.107', port: 3128, connectionsPerSecond: 900 };

/** Every key on which a size may hang, with values that are far apart; undefined takes the key away. */
const KEYS: Readonly<Record<string, Values>> = {
  role: ['web-server', 'squid-proxy', 'nat-gateway'],
  'host.memory': ['64MiB', '300MiB', '700MiB', '2GiB', '6GiB', '24GiB', '200GiB', '1TiB', '4TiB'],
  'host.kernel': KERNELS,
  'host.distribution': DISTRIBUTIONS.map(({ id }) => id),
  'host.architecture': ['x86_64', 'aarch64', 'i686'],
  'traffic.ports': [[80], [80, 443], ['20000-20010'], ['40000-40010', 80]],
  'traffic.connectionsPerSecond': COUNTS,
  'traffic.concurrentConnections': COUNTS,
  'traffic.udpDialoguesPerSecond': COUNTS,
  'traffic.busiestDestinationShare': [undefined, 0.001, 0.05, 0.6, 1],
  'traffic.neighbours': COUNTS,
  'traffic.packetsPerSecond': COUNTS,
  'traffic.outbound': [undefined, [MANY], [ONE], [MANY, ONE]],
  'traffic.outbound.0.connectionsPerSecond': COUNTS.slice(1),
  'traffic.outbound.0.concurrentConnections': COUNTS,
  'traffic.outbound.1.connectionsPerSecond': COUNTS.slice(1),
  'traffic.outbound.1.concurrentConnections': COUNTS,
  'conntrack.maximum': ['auto', 70_000, 3_000_000],
  'conntrack.buckets': ['auto', 2048, 400_000, 20_000_000],
  'conntrack.untracked.served': [undefined, true, false],
  'conntrack.untracked.outbound': [undefined, true, false],
  'conntrack.timeouts.established': SECONDS,
  'conntrack.timeouts.timeWait': SECONDS,
  'conntrack.timeouts.udpStream': SECONDS,
  'apache.mpm': [undefined, 'event', 'worker', 'prefork'],
  'apache.memoryPerWorker': [undefined, '1MiB', '30MiB', '3GiB'],
  'apache.maxRequestWorkers': ['auto', 1, 12, 2000, 500_000],
  'apache.listenBacklog': ['auto', 50, 9000, 60_000],
  'squid.maxFileDescriptors': ['auto', 500, 70_000, 3_000_000],
  'gateway.families': [['ipv4'], ['ipv6'], ['ipv4', 'ipv6']],
  'gateway.wan': [undefined, ['eth0'], ['eth0', 'eth1']],
  'gateway.helpers': [undefined, ['ftp']],
  'sysctl.net.core.somaxconn': [undefined, { value: 200 }, { value: 50_000 }],
  'sysctl.net.ipv4.tcp_tw_reuse': [undefined, { value: 0 }, { value: 1 }],
  'sysctl.net.ipv4.ip_local_port_range': [undefined, { value: '1024 65535' }, { value: '30000 50000' }],
  'sysctl.net.netfilter.nf_conntrack_max': [undefined, { value: 50_000 }, { value: 4_000_000 }],
  'sysctl.net.netfilter.nf_conntrack_buckets': [undefined, { value: 3000 }, { value: 3_000_000 }],
  'sysctl.net.netfilter.nf_conntrack_tcp_timeout_time_wait': [undefined, { value: 5 }, { value: 100_000 }],
};

/** One key with another value. */
export interface Change {
  readonly path: string;
  readonly changed: Profile;
}

/** A profile of a few of these keys. A key that is not drawn is absent. */
export function arbitraryCauses(): fc.Arbitrary<Profile> {
  const drawn = fc.tuple(
    ...Object.entries(KEYS).map(([path, values]) =>
      fc.tuple(fc.constant(path), fc.oneof(fc.constant(undefined), fc.constantFrom(...values))),
    ),
  );
  const base = { name: 'host', role: 'web-server', host: { distribution: 'debian-12', memory: '6GiB' } } as Profile;
  return drawn
    .map((keys) =>
      keys.reduce((profile, [path, value]) => (value === undefined ? profile : put(profile, path, value)), base),
    )
    .filter(isWhole);
}

/** All changes of one key each. `at`: only those of a path, of what lies in it, and of what it lies in. */
export function changesOf(profile: Profile, at = ''): Change[] {
  return Object.entries(KEYS)
    .filter(([path]) => at === '' || isRelated(path, at))
    .flatMap(([path, values]) => values.map((value) => ({ path, changed: put(profile, path, value) })))
    .filter(({ changed }) => isWhole(changed));
}

/** Whether one of two key paths lies in the other. */
export function isRelated(one: string, other: string): boolean {
  return `${one}.`.startsWith(`${other}.`) || `${other}.`.startsWith(`${one}.`);
}

/** A distribution has no kernel for every architecture. */
function isWhole({ host }: Profile): boolean {
  const row = DISTRIBUTIONS.find(({ id }) => id === host.distribution);
  return host.architecture === undefined || row?.architectures.some(({ name }) => name === host.architecture) === true;
}

/** The profile with another value at a path; a place of `outbound` that is not there stays away. */
function put(profile: Profile, path: string, value: unknown): Profile {
  const copy: unknown = structuredClone(profile);
  const keys = parseKeyPath(path).map(String);
  let place = copy as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) {
    if (place[key] === undefined && /^(outbound|\d)$/.test(key)) return profile;
    place[key] ??= {};
    place = place[key] as Record<string, unknown>;
  }
  if (value === undefined) delete place[keys.at(-1) as string];
  else place[keys.at(-1) as string] = value;
  return copy as Profile;
}
