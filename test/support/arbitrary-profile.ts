import fc from 'fast-check';
import type { Profile } from '../../generated/profile.ts';
import { DISTRIBUTIONS } from '../../src/distributions/distributions.ts';

const port = fc.integer({ min: 1, max: 65535 });
const range = fc.tuple(port, port).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
const ports = (least: number) => fc.array(fc.oneof(port, port, range), { minLength: least, maxLength: 40 });
const memory = fc.oneof(
  fc.integer({ min: 64, max: 4096 }).map((count) => `${count}MiB`),
  fc.integer({ min: 1, max: 1024 }).map((count) => `${count}GiB`),
);
const duration = fc.oneof(
  fc.integer({ min: 1, max: 2147483 }),
  fc.integer({ min: 1, max: 48 }).map((count) => `${count}h`),
);
const auto = (max: number) => fc.oneof(fc.constant('auto' as const), fc.integer({ min: 1, max }));

/** Text that tries to leave the place it is put into: a comment, a quoted string, a terminal, a CI log, a template. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '\n',
        '\r\n',
        '\n::error::x\n',
        '##[group]x',
        '\u001b[2J',
        '\u202e',
        '\0',
        '\\',
        '\\\n',
        '"',
        "'",
        '#',
        '*/',
        '-->',
        '{{x}}',
        '{%x%}',
        '$(id)',
        '`id`',
        '</IfModule>',
        '\u2028',
        '%n',
        ' ',
        '\nCOMMIT\n*nat\n',
      ),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join('').slice(0, 150))
  .filter((text) => text !== '' && !/\p{Cs}/u.test(text));

const outbound = fc.record(
  {
    to: fc.constantFrom('192.0.2.107', '2001:db8::7', '2001:DB8:0:0::7', '127.0.0.1'),
    port,
    connectionsPerSecond: fc.integer({ min: 0, max: 1e7 }),
    concurrentConnections: fc.integer({ min: 0, max: 1e8 }),
  },
  { requiredKeys: ['port', 'connectionsPerSecond'] },
);

const override = (value: fc.Arbitrary<string | number>, text: fc.Arbitrary<string>) =>
  fc.record({ value, because: text }, { requiredKeys: ['value'] });

/** The schema asks for words where somebody takes a risk upon himself. */
const isReason = (text: string) => /[\p{L}\p{N}]/u.test(text);

const kernel = fc.constantFrom('2.6.18', '2.6.32', '3.10', '4.18', '5.14', '6.1', '6.12', '7.2', '9.9');

/** Every distribution with every architecture that it has a kernel for. */
const MACHINES = DISTRIBUTIONS.flatMap(({ id, architectures }) => [
  { distribution: id },
  ...architectures.map(({ name }) => ({ distribution: id, architecture: name as Profile['host']['architecture'] })),
]);

/** One that nettune knows, or one that is described instead. */
const host = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...MACHINES), fc.record({ memory, kernel }, { requiredKeys: ['memory'] }))
      .map(([machine, rest]) => ({ ...machine, ...rest })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      distribution: fc.constantFrom('fedora-42', 'linuxmint-22'),
      family: fc.constantFrom('debian' as const, 'redhat' as const),
      memory,
      kernel,
    }),
  },
);

/** Profiles that the schema accepts. Whether their values make sense is for the checks to say. */
export function arbitraryProfile(text: fc.Arbitrary<string> = fc.constant('a reason')): fc.Arbitrary<Profile> {
  const optional = { requiredKeys: [] };
  return fc.record(
    {
      schema: fc.constant(1),
      // `all` is a group of Ansible's own, and no name.
      name: fc.stringMatching(/^[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,5}){0,2}$/).filter((name) => name !== 'all'),
      summary: text,
      role: fc.constantFrom('web-server' as const, 'squid-proxy' as const, 'nat-gateway' as const),
      host,
      firewall: fc.record(
        {
          filter: fc.constantFrom(
            'none' as const,
            'iptables' as const,
            'nftables' as const,
            'firewalld' as const,
            'ufw' as const,
          ),
          translated: fc.array(fc.oneof(port, range, fc.record({ port, toPort: port })), { maxLength: 40 }),
          management: ports(0),
        },
        optional,
      ),
      traffic: fc.record(
        {
          ports: ports(1),
          connectionsPerSecond: fc.integer({ min: 1, max: 1e7 }),
          concurrentConnections: fc.integer({ min: 1, max: 1e8 }),
          udpDialoguesPerSecond: fc.integer({ min: 1, max: 1e7 }),
          outbound: fc.array(outbound, { maxLength: 4 }),
          busiestDestinationShare: fc.integer({ min: 1, max: 1000 }).map((share) => share / 1000),
          longestIdle: duration,
          neighbours: fc.integer({ min: 1, max: 1e7 }),
          packetsPerSecond: fc.integer({ min: 1, max: 1e8 }),
        },
        optional,
      ),
      conntrack: fc.record(
        {
          tracking: fc.constantFrom('in-use' as const, 'in-use' as const, 'none' as const),
          maximum: auto(2147483647),
          buckets: auto(2147483647),
          untracked: fc.record(
            { served: fc.boolean(), outbound: fc.boolean(), unproven: text.filter(isReason) },
            optional,
          ),
          timeouts: fc.record(
            { established: duration, synSent: duration, timeWait: duration, udp: duration, icmp: duration },
            optional,
          ),
        },
        optional,
      ),
      server: fc.constantFrom('apache' as const, 'apache' as const, 'nginx' as const, 'haproxy' as const),
      apache: fc.record(
        {
          mpm: fc.constantFrom('event' as const, 'worker' as const, 'prefork' as const),
          memoryPerWorker: memory,
          maxRequestWorkers: auto(2147483647),
          listenBacklog: auto(2147483647),
        },
        optional,
      ),
      squid: fc.record({ intercepting: fc.boolean(), maxFileDescriptors: auto(2147483647) }, optional),
      gateway: fc.record(
        {
          families: fc.constantFrom<('ipv4' | 'ipv6')[]>(['ipv4'], ['ipv6'], ['ipv4', 'ipv6']),
          wan: fc.array(fc.constantFrom('eth0', 'eth0.100', 'wan-1'), { maxLength: 3 }),
          addresses: fc.integer({ min: 1, max: 65536 }),
          helpers: fc.array(fc.constantFrom('ftp' as const, 'sip' as const), { maxLength: 2 }),
        },
        optional,
      ),
      sysctl: fc.record(
        {
          'net.core.somaxconn': override(fc.integer({ min: -10, max: 100_000 }), text),
          'net.netfilter.nf_conntrack_max': override(fc.integer({ min: 0, max: 1e7 }), text),
          'net.ipv4.neigh.default.gc_thresh3': override(fc.constantFrom('many', '1'.repeat(30), 4096), text),
          'net.netfilter.nf_conntrack_tcp_timeout_time_wait': override(
            fc.constantFrom(-1, '999999999999999', 30),
            text,
          ),
          'net.netfilter.nf_conntrack_buckets': override(fc.integer({ min: 0, max: 1e7 }), text),
          'net.ipv4.ip_local_port_range': override(fc.constantFrom('1024 65535', '65535 1024', 'x', 7), text),
          'net.ipv4.tcp_tw_recycle': override(fc.constantFrom(0, 1), text),
          'net.ipv4.tcp_congestion_control': override(fc.constantFrom('bbr', 'cubic'), text),
        },
        optional,
      ),
      allow: fc.array(
        fc.record({
          check: fc.constantFrom('set-once', 'conntrack-fits-memory', 'accept-queue-not-truncated', 'no-such-check'),
          because: text,
        }),
        { maxLength: 3 },
      ),
    },
    { requiredKeys: ['name', 'role', 'host'] },
  ) as fc.Arbitrary<Profile>;
}
