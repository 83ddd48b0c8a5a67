import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backend, type Programs } from '../support/backends.ts';
import { BANNED, redHat, redHat5 } from '../support/foreign-rules.ts';
import { type Host, Network, type Outcome } from '../support/namespaces.ts';
import { OLD_IPTABLES, type OldVersion, oldPrograms } from '../support/old-iptables.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { Rendered } from '../support/rendered.ts';
import { expectDone, foreignRulesOf, rulesOf } from '../support/rules.ts';

requirePrograms({
  ip: 'iproute2',
  'iptables-legacy': 'iptables',
  conntrack: 'conntrack',
  dash: 'dash',
  busybox: 'busybox',
});

const SERVER = '10.203.1.2';
const SERVER_V6 = 'fd00:203:1::2';
const [SERVED, TRACKED] = [80, 81];

const HOSTS: Readonly<Record<OldVersion, string>> = { '1.3.5': 'centos-5', '1.4.7': 'centos-6' };

/** The rules and the loader of an old distribution, with programs that understand no more than its own would. */
describe.each(Object.keys(OLD_IPTABLES) as OldVersion[])('where iptables is %s', (version) => {
  const network = new Network();
  let programs: Programs;
  let old: Programs;
  let client: Host;
  let server: Host;
  let rendered: Rendered;
  let without: Rendered;

  beforeAll(async () => {
    programs = backend('legacy');
    old = oldPrograms(version);
    client = network.host('client');
    server = network.host('server', programs.path);
    network.link(client, server);
    const profile = `extends: web-server
host: { distribution: ${HOSTS[version]} }
apache: { mpm: worker }
traffic: { ports: [80, 8000-8003] }
`;
    rendered = new Rendered('kernel-web', `${profile}conntrack: { untracked: { unproven: tried by hand } }\n`);
    without = new Rendered('kernel-web', profile);
    await server.serve([SERVED, TRACKED]);
  });

  afterAll(() => {
    network.remove();
    for (const each of [programs, old, rendered, without]) each?.remove();
  });

  const tracksIpv6 = version !== '1.3.5';

  function begin(rules: string = redHat('above')): void {
    const nothing = ['raw', 'nat', 'filter'].map((table) => `*${table}\nCOMMIT\n`).join('');
    for (const program of ['iptables-restore', 'ip6tables-restore'] as const) server.restore(program, nothing);
    server.restore('iptables-restore', rules);
    server.must('ip6tables', '-A', 'INPUT', '-m', 'state', '--state', 'ESTABLISHED', '-j', 'ACCEPT');
    server.run('conntrack', ['-F']);
  }

  const rules = (task: string, shell: readonly string[] = ['sh']): Outcome => {
    const [program = '', ...args] = shell;
    return server.run(program, [...args, ...rendered.command(task)], { path: old.path });
  };

  test.each([['dash'], ['bash', '--posix'], ['busybox', 'sh']])('the loader works in %s %s', (...shell) => {
    begin();
    const before = rulesOf(server);
    expectDone(rules('load', shell));
    const once = rulesOf(server);
    expect(once).toContain('NOTRACK');
    expectDone(rules('load', shell));
    expect(rulesOf(server)).toBe(once);
    expectDone(rules('status', shell));
    expect(foreignRulesOf(server)).toBe(before);
    expectDone(rules('unload', shell));
    expect(rulesOf(server)).toBe(before);
  });

  test('status names what is missing, and loading repairs it', () => {
    begin();
    expectDone(rules('load'));
    const right = rulesOf(server);
    const harm = [
      ['-t', 'raw', '-D', 'OUTPUT', '-j', 'NT-OUT-kernel-web'],
      ['-t', 'raw', '-F', 'NT-PRE-kernel-web'],
      ['-A', 'INPUT', '-p', 'tcp', '-j', 'NT-NEW-kernel-web'],
      ['-D', 'INPUT', '-j', 'NT-EST-kernel-web'],
    ];
    for (const args of harm) {
      server.must('iptables', ...args);
      expect(rules('status')).toMatchObject({ code: 1, stderr: expect.stringContaining('iptables, table') });
      expectDone(rules('load'));
      expect(rulesOf(server)).toBe(right);
    }
  });

  test.each(tracksIpv6 ? [SERVER, SERVER_V6] : [SERVER])(
    'connections to a served port of %s leave no entry, those to another port do',
    (address) => {
      begin();
      expectDone(rules('load'));
      const entries = (port: number) =>
        ['ipv4', 'ipv6']
          .flatMap((family) => server.must('conntrack', '-L', '-f', family).split('\n'))
          .filter((line) => line.includes(`dport=${port} `));
      for (const from of [client, server]) {
        expect(from.fetch(address, TRACKED)).toBe(3);
        expect(from.fetch(address, SERVED)).toBe(3);
      }
      expect(entries(TRACKED)).not.toEqual([]);
      expect(entries(SERVED)).toEqual([]);
    },
  );

  test('a banned address stays banned', () => {
    begin();
    expectDone(rules('load'));
    client.run('ip', ['address', 'add', `${BANNED}/32`, 'dev', 'v1a']);
    client.must('ip', 'route', 'replace', `${SERVER}/32`, 'dev', 'v1a', 'src', BANNED);
    expect(client.fetch(SERVER, SERVED, 0.3)).not.toBe(3);
    client.must('ip', 'route', 'delete', `${SERVER}/32`);
  });

  test('the filter that the installer of release 5 writes looks at states in a chain of its own: the port is served', () => {
    begin(redHat5);
    expectDone(rules('load'));
    expect(client.fetch(SERVER, SERVED)).toBe(3);
    expect(server.must('conntrack', '-L')).not.toContain(`dport=${SERVED} `);
  });

  test('without a reason in the profile nothing is loaded, for nothing can be tried', () => {
    begin();
    const before = rulesOf(server);
    const { code, stderr } = server.run('sh', without.command('load'), { path: old.path });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('nothing can be tried on this host: unshare is older than'),
    });
    expect(rulesOf(server)).toBe(before);
  });

  test(`${tracksIpv6 ? 'nothing' : 'what is for IPv4 alone'} is loaded where IPv6 is forwarded`, () => {
    begin();
    server.must('sysctl', '-q', '-w', 'net.ipv6.conf.all.forwarding=1');
    const { code, stderr } = rules('load');
    server.must('sysctl', '-q', '-w', 'net.ipv6.conf.all.forwarding=0');
    if (tracksIpv6) expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('forwards IPv6') });
    else expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('no rule is for IPv6') });
  });

  test('the programs of today are refused: these tests would see an option that is too new', () => {
    begin();
    expect(server.run('iptables', ['-w', '5', '-L'], { path: old.path }).code).toBe(2);
    expect(server.run('iptables', ['-C', 'INPUT', '-j', 'DROP'], { path: old.path }).code).toBe(2);
    const rule = '*raw\n-A PREROUTING -p tcp -m multiport --dports 80 -j CT --notrack\nCOMMIT\n';
    expect(server.run('iptables-restore', ['--noflush'], { path: old.path, input: rule }).code).toBe(2);
    expect(server.run('iptables-restore', ['-w', '5'], { path: old.path, input: '' }).code).toBe(1);
  });
});
