import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BACKENDS, backend, type Programs } from '../support/backends.ts';
import { arch, BANNED, docker, fail2ban, redHat } from '../support/foreign-rules.ts';
import { inCi } from '../support/long.ts';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { type Rendered, webServer } from '../support/rendered.ts';
import { connectionsOf, expectDone, foreignRulesOf, rulesOf } from '../support/rules.ts';

requirePrograms({ ip: 'iproute2', 'iptables-nft': 'iptables', 'iptables-legacy': 'iptables', conntrack: 'conntrack' });

const SERVER = '10.203.1.2';
const SERVER_V6 = 'fd00:203:1::2';
const [SERVED, TRACKED] = [80, 81];

describe.each(inCi(BACKENDS, 'legacy'))('with iptables-%s', (kind) => {
  const network = new Network();
  let programs: Programs;
  let client: Host;
  let server: Host;
  let unfiltered: Rendered;
  let filtered: Rendered;

  beforeAll(async () => {
    programs = backend(kind);
    client = network.host('client');
    server = network.host('server', programs.path);
    network.link(client, server);
    unfiltered = webServer('none');
    filtered = webServer('iptables');
    await server.serve([SERVED, TRACKED]);
  });

  afterAll(() => {
    network.remove();
    for (const each of [programs, unfiltered, filtered]) each?.remove();
  });

  /** The host begins with these rules and none of ours. */
  function begin(rules: string): void {
    const nothing = ['raw', 'nat', 'filter'].map((table) => `*${table}\nCOMMIT\n`).join('');
    const accepting = '*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\nCOMMIT\n';
    for (const program of ['iptables-restore', 'ip6tables-restore'] as const)
      server.restore(program, nothing + accepting);
    server.restore('iptables-restore', rules);
    server.run('conntrack', ['-F']);
  }

  /** Connects from an address that every set of rules bans. */
  function fetchBanned(): number | string {
    client.run('ip', ['address', 'add', `${BANNED}/32`, 'dev', 'v1a']);
    client.must('ip', 'route', 'replace', `${SERVER}/32`, 'dev', 'v1a', 'src', BANNED);
    const result = client.fetch(SERVER, SERVED, 0.3);
    client.must('ip', 'route', 'delete', `${SERVER}/32`);
    return result;
  }

  test('loading three times gives one copy, for both families, and removing leaves nothing', () => {
    begin('');
    const before = rulesOf(server);
    expectDone(unfiltered.rules(server, 'load'));
    const once = rulesOf(server);
    expectDone(unfiltered.rules(server, 'load'));
    expectDone(unfiltered.rules(server, 'load'));
    expect(rulesOf(server)).toBe(once);
    expect(once.match(/-j NT-PRE-kernel-web$/gm)).toHaveLength(2);
    expect(once.match(/-j NT-OUT-kernel-web$/gm)).toHaveLength(2);
    expectDone(unfiltered.rules(server, 'unload'));
    expectDone(unfiltered.rules(server, 'unload'));
    expect(rulesOf(server)).toBe(before);
  });

  test('status names what is missing, and loading repairs it', () => {
    begin(redHat('above'));
    expect(filtered.rules(server, 'status')).toMatchObject({ code: 1 });
    expectDone(filtered.rules(server, 'load'));
    const right = rulesOf(server);
    const harm = [
      ['-t', 'raw', '-D', 'OUTPUT', '-j', 'NT-OUT-kernel-web'],
      ['-t', 'raw', '-A', 'PREROUTING', '-j', 'NT-PRE-kernel-web'],
      ['-t', 'raw', '-F', 'NT-PRE-kernel-web'],
      ['-R', 'NT-NEW-kernel-web', '1', '-j', 'DROP'],
      ['-A', 'INPUT', '-p', 'tcp', '-j', 'NT-NEW-kernel-web'],
      ['-D', 'INPUT', '-j', 'NT-EST-kernel-web'],
    ];
    for (const args of harm) {
      expectDone(filtered.rules(server, 'status'));
      server.must('iptables', ...args);
      const { code, stderr } = filtered.rules(server, 'status');
      expect({ code, stderr }, args.join(' ')).toEqual({ code: 1, stderr: expect.stringContaining('iptables, table') });
      expectDone(filtered.rules(server, 'load'));
      expect(rulesOf(server)).toBe(right);
    }
  });

  test('the place is found again when rules were inserted since', () => {
    begin(redHat('below'));
    expectDone(filtered.rules(server, 'load'));
    server.must('iptables', '-I', 'INPUT', '2', '-s', '10.203.1.99', '-j', 'DROP');
    expectDone(filtered.rules(server, 'load'));
    expectDone(filtered.rules(server, 'status'));
    const input = server.must('iptables', '-S', 'INPUT').split('\n');
    const at = ['EST', 'NEW'].map((kind) => input.indexOf(`-A INPUT -j NT-${kind}-kernel-web`));
    expect(at).not.toContain(-1);
    expect(input.findIndex((line) => line.includes(BANNED))).toBeLessThan(Math.min(...at));
    expect(input.findIndex((line) => line.includes('REJECT'))).toBeGreaterThan(Math.max(...at));
  });

  const filters = {
    'a filter of Red Hat, with a ban above the rule on ESTABLISHED': redHat('above'),
    'a filter of Red Hat, with a ban below the rule on ESTABLISHED': redHat('below'),
    'a filter as in the Arch wiki, with the policy DROP': arch,
    'a filter with fail2ban': fail2ban,
  };

  test.each(Object.entries(filters))('%s keeps its rules, and their effect', (_, rules) => {
    begin(rules);
    const before = rulesOf(server);
    expectDone(filtered.rules(server, 'load'));
    expect(foreignRulesOf(server)).toBe(before);
    expect(client.fetch(SERVER, SERVED)).toBe(3);
    expect(fetchBanned()).not.toBe(3);
    expect(client.fetch(SERVER, TRACKED)).toBe(3);
    expect(client.fetch(SERVER, 82)).toMatch(/timeout|ECONNREFUSED|EHOSTUNREACH/);
    expectDone(filtered.rules(server, 'unload'));
    expect(rulesOf(server)).toBe(before);
    expect(client.fetch(SERVER, SERVED)).toBe(3);
    expect(fetchBanned()).not.toBe(3);
  });

  test('a port that a rule without a state opens to some is opened to nobody else', () => {
    const rules = (source: string) =>
      `*filter\n-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -s ${source} -p tcp -m multiport --dports 80,8000:8003 -j ACCEPT\n-A INPUT -j DROP\nCOMMIT\n`;
    begin(rules('192.0.2.0/24'));
    expectDone(filtered.rules(server, 'load'));
    expect(client.fetch(SERVER, SERVED, 0.3)).toBe('timeout');
    begin(rules('10.203.0.0/16'));
    expectDone(filtered.rules(server, 'load'));
    expect(client.fetch(SERVER, SERVED)).toBe(3);
  });

  test('without accept rules those filters would cut off the site', () => {
    begin(redHat('above'));
    const rules = server.must('cat', filtered.at('etc/nettune/kernel-web/raw.rules'));
    const jumps = '-I PREROUTING -j NT-PRE-kernel-web\n-I OUTPUT -j NT-OUT-kernel-web\nCOMMIT';
    expectDone(server.run('iptables-restore', ['--noflush'], { input: rules.replace('COMMIT', jumps) }));
    filtered.hold(server);
    expect(client.fetch(SERVER, SERVED, 0.5)).not.toBe(3);
    expectDone(filtered.rules(server, 'unload'));
  });

  test("Docker's rules, of which none concerns a served port, keep their bytes", () => {
    begin(docker);
    const before = rulesOf(server);
    expectDone(unfiltered.rules(server, 'load'));
    expect(foreignRulesOf(server)).toBe(before);
    expect(client.fetch(SERVER, SERVED)).toBe(3);
    expect(fetchBanned()).toBe('timeout');
    expectDone(unfiltered.rules(server, 'unload'));
    expect(rulesOf(server)).toBe(before);
  });

  describe('connections to a served port', () => {
    const stateful = '-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n';
    const own = (address: string) => ({ from: () => server, address });
    const paths = {
      'from outside': { from: () => client, address: SERVER },
      'from outside, IPv6': { from: () => client, address: SERVER_V6 },
      'from the host to its own address': own(SERVER),
      'from the host to 127.0.0.1': own('127.0.0.1'),
      'from the host to its own IPv6 address': own(SERVER_V6),
      'from the host to ::1': own('::1'),
    };

    test.each(Object.entries(paths))('%s leave no entry, those to another port do', (_, { from, address }) => {
      begin(`*filter\n${stateful}COMMIT\n`);
      server.must('ip6tables', '-A', 'INPUT', '-m', 'conntrack', '--ctstate', 'ESTABLISHED', '-j', 'ACCEPT');
      expectDone(filtered.rules(server, 'load'));
      expect(from().fetch(address, TRACKED)).toBe(3);
      expect(entries(TRACKED)).not.toEqual([]);
      expect(from().fetch(address, SERVED)).toBe(3);
      expect(entries(SERVED)).toEqual([]);
    });

    test('without the rules for loopback, half an entry would stay: the test above can see one', () => {
      begin(`*filter\n${stateful}COMMIT\n`);
      expectDone(filtered.rules(server, 'load'));
      const loopback = '-o lo -p tcp -m multiport --dports 80,8000:8003 -j CT --notrack';
      server.must('iptables', '-t', 'raw', '-D', 'NT-OUT-kernel-web', ...loopback.split(' '));
      expect(server.fetch(SERVER, SERVED)).toBe(3);
      expect(entries(SERVED)).toEqual([expect.stringMatching(/SYN_SENT.*\[UNREPLIED\]/)]);
    });

    function entries(port: number): string[] {
      const families = ['ipv4', 'ipv6'].flatMap((family) => server.must('conntrack', '-L', '-f', family).split('\n'));
      return families.filter((line) => line.includes(`dport=${port} `));
    }
  });

  test('a filter that does not look at states gets no rule that does: tracking stays off', () => {
    begin('*filter\n:INPUT DROP\n-A INPUT -p tcp -m multiport --dports 80,81,8000:8003 -j ACCEPT\nCOMMIT\n');
    expectDone(filtered.rules(server, 'load'));
    expectDone(filtered.rules(server, 'status'));
    expect(rulesOf(server)).not.toContain('NT-EST');
    expect(client.fetch(SERVER, SERVED)).toBe(3);
    expect(client.fetch(SERVER, TRACKED)).toBe(3);
    expect(connectionsOf(server)).toEqual([]);
  });
});
