import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FILTERS, type RunningFilter } from '../support/filters.ts';
import { BANNED } from '../support/foreign-rules.ts';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { expectDone, foreignRulesOf, rulesOf } from '../support/rules.ts';

requirePrograms({
  ip: 'iproute2',
  iptables: 'iptables',
  nft: 'nftables',
  conntrack: 'conntrack',
  ufw: 'ufw',
  firewalld: 'firewalld',
  'dbus-daemon': 'dbus-daemon',
  'systemd-socket-activate': 'systemd',
});

const [SERVED, TRACKED, CLOSED] = [80, 81, 82];
const BYTES = 200_000;
const SERVER = '10.203.2.2';
const SERVER_V6 = 'fd00:203:2::2';

/** Filters that drop ICMP errors as INVALID. */
const DROPS_ERRORS = /^a filter of nft|^ufw$|^firewalld$/;

/** client ── narrow ── router ── wide ── server. */
describe.each(Object.entries(FILTERS))('beside %s', (title, start) => {
  const network = new Network();
  let client: Host;
  let server: Host;
  let filter: RunningFilter;

  beforeAll(async () => {
    client = network.host('client');
    const router = network.host('router');
    server = network.host('server');
    network.link(client, router);
    network.link(router, server);
    router.must('ip', 'link', 'set', 'v1b', 'mtu', '1300');
    router.must('sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1');
    for (const [host, via] of [
      [client, '10.203.1.2'],
      [client, 'fd00:203:1::2'],
      [server, '10.203.2.1'],
      [server, 'fd00:203:2::1'],
    ] as const)
      host.must('ip', 'route', 'add', 'default', 'via', via);
    client.must('ip', 'address', 'add', `${BANNED}/32`, 'dev', 'v1a');
    await server.serve([SERVED, TRACKED, CLOSED], BYTES);
    filter = await start(server);
  });

  afterAll(() => {
    network.remove();
    filter?.stop();
  });

  const everything = () => [rulesOf(server), tablesOf(server)].join('\n').trim();
  const foreign = () => [foreignRulesOf(server), tablesOf(server, /^table inet nettune_/)].join('\n').trim();

  function fetchBanned(): number | string {
    client.must('ip', 'route', 'replace', `${SERVER}/32`, 'via', '10.203.1.2', 'src', BANNED);
    const result = client.fetch(SERVER, SERVED, 0.5);
    client.must('ip', 'route', 'delete', `${SERVER}/32`);
    return result;
  }

  function expectOpen(): void {
    expect(client.fetch(SERVER, SERVED, 3)).toBe(BYTES);
    expect(fetchBanned()).toMatch(/timeout|ECONNREFUSED|EHOSTUNREACH/);
  }

  const entries = (port: number) =>
    ['ipv4', 'ipv6']
      .flatMap((family) => server.must('conntrack', '-L', '-f', family).split('\n'))
      .filter((line) => line.includes(`dport=${port} `));

  test('the served port is open, and loading leaves it so; loading three times is loading once; removing leaves nothing', () => {
    const before = everything();
    expectOpen();
    expectDone(filter.rendered.rules(server, 'load'));
    const once = everything();
    expect(once).not.toBe(before);
    expect(foreign()).toBe(before);
    for (const task of ['load', 'load', 'status'] as const) expectDone(filter.rendered.rules(server, task));
    expect(everything()).toBe(once);
    expectOpen();
    expect(client.fetch(SERVER, TRACKED, 3)).toBe(BYTES);
    if (!title.startsWith('nothing'))
      expect(client.fetch(SERVER, CLOSED, 0.5)).toMatch(/timeout|ECONNREFUSED|EHOSTUNREACH/);
    for (const task of ['unload', 'unload'] as const) expectDone(filter.rendered.rules(server, task));
    expect(everything()).toBe(before);
    expectOpen();
    expect(filter.rendered.rules(server, 'status').code).toBe(1);
  });

  describe('once loaded', () => {
    beforeAll(() => {
      expectDone(filter.rendered.rules(server, 'load'));
      server.run('conntrack', ['-F']);
    });

    test.each([
      ['from outside', () => client, SERVER],
      ['from outside, IPv6', () => client, SERVER_V6],
      ['from the host to its own address', () => server, SERVER],
      ['from the host to 127.0.0.1', () => server, '127.0.0.1'],
      ['from the host to its own IPv6 address', () => server, SERVER_V6],
      ['from the host to ::1', () => server, '::1'],
    ] as const)('connections %s leave no entry, those to another port do', (_, from, address) => {
      expect(from().fetch(address, TRACKED, 3)).toBe(BYTES);
      expect(entries(TRACKED)).not.toEqual([]);
      expect(from().fetch(address, SERVED, 3)).toBe(BYTES);
      expect(entries(SERVED)).toEqual([]);
    });
  });

  test('the filter is loaded again: nothing is lost or doubled, and nobody is let in', () => {
    expectDone(filter.rendered.rules(server, 'load'));
    const before = everything();
    filter.reload();
    expectOpen();
    // As the boot unit does.
    expectDone(filter.rendered.rules(server, 'load'));
    expectDone(filter.rendered.rules(server, 'status'));
    expect(everything()).toBe(before);
    expectOpen();
  });

  if (DROPS_ERRORS.test(title))
    test('without the rules on ICMP errors long answers would hang: the tests above can see that', () => {
      expectDone(filter.rendered.rules(server, 'load'));
      const chain = 'inet nettune_kernel_web incoming';
      const lines = server.must('nft', '-a', `list chain ${chain}`).split('\n');
      for (const line of lines.filter((each) => each.includes('icmp')))
        server.must('nft', `delete rule ${chain} handle ${line.split(' ').at(-1)}`);
      // The path to another address is not known yet.
      client.must('ip', 'address', 'add', '10.203.1.9/32', 'dev', 'v1a');
      client.must('ip', 'route', 'replace', `${SERVER}/32`, 'via', '10.203.1.2', 'src', '10.203.1.9');
      const result = client.fetch(SERVER, SERVED, 1);
      client.must('ip', 'route', 'delete', `${SERVER}/32`);
      expect(result).toBe('timeout');
    });

  if (title !== 'iptables')
    test('a rule has come that refuses what is untracked: loading is refused, and the site is up', () => {
      expectDone(filter.rendered.rules(server, 'load'));
      const guard = 'type filter hook input priority 20; policy accept; tcp dport 8002 ct state untracked drop';
      server.must('nft', `table inet guard {\nchain c {\n${guard}\n}\n}`);
      expect(filter.rendered.rules(server, 'status')).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/would be refused now: .* would no longer reach port 8002/),
      });
      expect(filter.rendered.rules(server, 'load')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('the served ports are tracked again'),
      });
      expect(tablesOf(server)).not.toContain('nettune');
      expect(client.fetch(SERVER, SERVED, 3)).toBe(BYTES);
      server.must('nft', 'delete table inet guard');
      expectDone(filter.rendered.rules(server, 'load'));
    });

  if (/ufw|firewalld/.test(title))
    test('connections are limited, which would count packets or nothing: loading is refused, and the site is up', () => {
      expectDone(filter.rendered.rules(server, 'load'));
      filter.limit?.();
      expect(filter.rendered.rules(server, 'load')).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/--dport 80 .* -m recent .*counts|tcp dport 80 limit rate 9\/second.*counts/),
      });
      expect(tablesOf(server)).not.toContain('nettune');
      expectOpen();
    });
});

/** What nft lists beside the tables of iptables and others to be left out, without counters. */
function tablesOf(host: Host, except = /^$/): string {
  const tables = host.must('nft', '-s', 'list', 'ruleset').split(/^(?=table )/m);
  const kept = tables.filter(
    (table) => !/^table ip6? (filter|nat|mangle|raw|security) /.test(table) && !except.test(table),
  );
  return kept
    .map((table) => table.trim())
    .sort()
    .join('\n');
}
