import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { backend, Programs, withoutIptables } from '../support/backends.ts';
import { docker } from '../support/foreign-rules.ts';
import { Loader } from '../support/loader.ts';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { Rendered, webServer } from '../support/rendered.ts';
import { expectDone, rulesOf } from '../support/rules.ts';

requirePrograms({
  ip: 'iproute2',
  nft: 'nftables',
  'iptables-nft': 'iptables',
  'systemd-socket-activate': 'systemd',
  dash: 'dash',
  bash: 'bash',
  gawk: 'gawk',
  'original-awk': 'original-awk',
  busybox: 'busybox',
});

/** Of a loader alone, without those of a proof; `ip` and `mount` are for the test to get in. */
const FEW = ['awk', 'cat', 'dirname', 'grep', 'ip', 'mount', 'nft', 'rm', 'sed', 'sh', 'sleep', 'tr'];

const ICMP = 'meta l4proto { icmp, ipv6-icmp } accept';
const PORTS = 'tcp dport { 22, 80, 8000-8003 }';

const chain = (...lines: readonly string[]) =>
  ['chain input {', 'type filter hook input priority 0; policy drop', ...lines, '}'].join('\n');
const filter = (...lines: readonly string[]) => chain('iif lo accept', ICMP, ...lines);
const opened = (...lines: readonly string[]) => filter(...lines, `${PORTS} accept`);

/** Connections fail in the copy of the host that are made today. */
const TRIED = {
  'the ports are accepted by state new alone': [
    filter('ct state established,related accept', `${PORTS} ct state new accept`),
    /a client that no rule names, such as [0-9.]+, would no longer reach port 80/,
  ],
  'a port is not accepted at all': [
    filter('tcp dport { 80, 8000, 8002-8003 } accept'),
    /IPv4: nobody reaches port 8001 in a copy of this host.*\n.*IPv6: nobody reaches port 8001/,
  ],
  'no port is accepted': [filter('tcp dport 22 accept'), /nobody reaches a served port in a copy of this host/],
  'ICMP errors are accepted by state alone': [
    chain(
      'iif lo accept',
      'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept',
      'ct state established,related accept',
      `${PORTS} accept`,
    ),
    /would get only the beginning of long answers from port 80/,
  ],
  'answers over loopback are accepted by state alone': [
    chain(ICMP, 'ct state established,related accept', `${PORTS} accept`),
    /this host would no longer reach port [0-9]+ over loopback/,
  ],
  'answers are accepted by state alone': [
    `${opened()}\nchain output {\ntype filter hook output priority 0; policy drop\nct state established,related accept\noif lo accept\n${ICMP}\n}`,
    /would no longer reach port 80/,
  ],
  'a ban by state new': [
    opened('ip saddr 10.203.1.66 ct state new drop'),
    /10\.203\.1\.66 \(ip saddr 10\.203\.1\.66 ct state new drop\) would reach port 80/,
  ],
  'a map of states that leads new connections to a chain': [
    `chain bans {\nip saddr 10.203.1.66 drop\n}\n${opened('ct state vmap { established : accept, new : jump bans }')}`,
    /10\.203\.1\.66 .* would reach port 80/,
  ],
  'whatever is not new is let in': [
    opened('ct state != new accept', 'ip saddr 10.203.1.66 drop'),
    /10\.203\.1\.66 .* would reach port 80/,
  ],
  'a redirection': [
    `${opened()}\nchain nat {\ntype nat hook prerouting priority -100\ntcp dport 8002 redirect to :3128\n}`,
    /nobody reaches port 8002 in a copy of this host/,
  ],
} as const;

/** What a few connections do not show. */
const UNSEEN = {
  'a limit of new connections': [
    opened('tcp dport 80 ct state new limit rate over 9/second drop'),
    /nft table inet filter: tcp dport 80 ct state new limit rate over 9\/second drop: counts packets/,
  ],
  'a count of packets': [
    filter('ct state established,related accept', `${PORTS} limit rate 1000/second burst 1000 packets accept`),
    /counts packets/,
  ],
  'a set of addresses that are seen too often': [
    `set seen {\ntype ipv4_addr\nflags dynamic\n}\n${opened('tcp dport 80 add @seen { ip saddr limit rate over 1000/second } drop')}`,
    /counts packets/,
  ],
  'connections counted by address, and refused by ICMP': [
    opened('tcp dport 8000-8003 meter many { ip saddr ct count over 100 } reject'),
    /nft table inet filter: tcp dport 8000-8003 meter many .*: counts packets/,
  ],
  'a mark from the connection': [opened('meta mark set ct mark'), /meta mark set ct mark: asks the connection table/],
} as const;

const HARMLESS = {
  'limits of other protocols and ports': opened(
    'tcp dport 22 ct state new limit rate over 3/minute drop',
    'udp dport 53 limit rate 9/second accept',
    'icmp type echo-request limit rate 9/second accept',
    'limit rate 3/minute log prefix "ct state new drop"',
  ),
  'states that untracked packets never have': opened(
    'ct state vmap { invalid : drop, established : accept, related : accept }',
    'ct status dnat accept',
  ),
  'a look at the way back, as firewalld has it': opened('fib saddr . mark . iif oif missing drop'),
  'a filter without states': opened(),
};

let network: Network;
let programs: Programs;
let rendered: Rendered;
let hosts = 0;

beforeAll(() => {
  network = new Network();
  programs = backend('nft');
  rendered = webServer('nftables');
});
afterAll(() => {
  network?.remove();
  for (const each of [programs, rendered]) each?.remove();
});

const newHost = () => network.host(`filter${hosts++}`, programs.path);

function giveFilter(host: Host, rules: string): void {
  const input = `flush ruleset\ntable inet filter {\n${rules}\n}\n`;
  const { code, stderr } = host.run('nft', ['-f', '-'], { input });
  if (code !== 0) throw new Error(`${stderr}\n${rules}`);
}

describe.concurrent('beside a filter of nft, loading', () => {
  test.for(Object.entries({ ...TRIED, ...UNSEEN }))('is refused: %s', async ([, [rules, why]], { expect }) => {
    const host = newHost();
    giveFilter(host, rules);
    const before = host.must('nft', 'list', 'ruleset');
    const { code, stderr } = await host.runAside('sh', rendered.command('load'));
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(why) });
    expect(stderr).toContain('nothing was changed');
    expect(host.must('nft', 'list', 'ruleset')).toBe(before);
  });

  test.for(Object.entries(HARMLESS))('is not refused: %s', async ([, rules], { expect }) => {
    const host = newHost();
    giveFilter(host, rules);
    const outcome = await host.runAside('sh', rendered.command('load'));
    expect(outcome).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(host.must('nft', 'list', 'tables')).toContain('inet nettune_kernel_web');
  });
});

describe('on a host without iptables, loading', () => {
  let only: Programs;

  beforeAll(() => {
    only = withoutIptables();
  });
  afterAll(() => only?.remove());

  test.each([
    [
      'is refused for what no longer reaches a port, or would',
      opened('ip saddr 203.0.113.66 ct state new drop'),
      1,
      /203\.0\.113\.66 .* would reach/,
    ],
    ['is done where nothing changes', opened(), 0, /^$/],
  ])('%s', (_, rules, code, says) => {
    const host = newHost();
    giveFilter(host, rules);
    const outcome = host.run('sh', rendered.command('load'), { path: only.path });
    expect(outcome).toMatchObject({ code, stderr: expect.stringMatching(says) });
  });
});

describe('on one host beside a filter of nft, loading', () => {
  let host: Host;

  beforeAll(() => {
    host = newHost();
  });

  const begin = (rules: string) => giveFilter(host, rules);

  function expectRefusal(reason: RegExp): void {
    const before = host.must('nft', 'list', 'ruleset');
    const { code, stderr } = rendered.rules(host, 'load');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(reason) });
    expect(stderr).toContain('nothing was changed');
    expect(host.must('nft', 'list', 'ruleset')).toBe(before);
  }

  test('leaves a family tracked in which the filter does not accept the ports, and says so', () => {
    begin(filter('meta nfproto ipv4 tcp dport { 80, 8000-8003 } accept'));
    const outcome = rendered.rules(host, 'load');
    expectDone(outcome);
    expect(outcome.stderr).toContain(
      'IPv6: nobody reaches a served port in a copy of this host, so connections stay tracked there',
    );
    expect(host.must('nft', 'list', 'table', 'inet', 'nettune_kernel_web')).toContain('meta nfproto != ipv4 accept');
    expectDone(rendered.rules(host, 'status'));
    expectDone(rendered.rules(host, 'unload'));
  });

  test('copies a table that a program owns, as firewalld does its own', async () => {
    const alone = newHost();
    const owner = alone.start('nft', '-i');
    const rules = opened('ip saddr 10.203.1.66 ct state new drop').replaceAll('\n', '; ').replaceAll('{;', '{');
    owner.stdin.write(`add table inet site { flags owner; ${rules}; }\n`);
    await expect.poll(() => alone.run('nft', ['list', 'table', 'inet', 'site']).stdout).toContain('10.203.1.66');
    expect(alone.must('nft', 'list', 'ruleset')).toContain('flags owner');
    expect(rendered.rules(alone, 'load')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/10\.203\.1\.66 .* would reach port 80/),
    });
  });

  test("copies Docker's rules of iptables, and is refused once they translate a served port", () => {
    begin(opened());
    host.restore('iptables-restore', docker);
    const before = rulesOf(host);
    expectDone(rendered.rules(host, 'load'));
    expect(rulesOf(host)).toBe(before);
    expectDone(rendered.rules(host, 'unload'));
    host.restore('iptables-restore', docker.replace('--dport 8080', '--dport 80'));
    expectRefusal(/port 80 over IPv4: a rule of yours translates it, .*--dport 80 /);
  });

  test.each([
    [
      'as `ufw limit` has it',
      '-m conntrack --ctstate NEW -m recent --update --seconds 30 --hitcount 6 --name x -j REJECT',
      /-A INPUT .* -m recent .*: counts or chooses packets/,
    ],
    ['by packets', '-m limit --limit 1000/second --limit-burst 1000 -j ACCEPT', /limits a rate/],
    ['by address', '-m connlimit --connlimit-above 99 -j REJECT', /counts connections of the table/],
  ])('is refused where iptables limits, %s', (_, rule, why) => {
    begin(opened());
    host.restore('iptables-restore', `*filter\n-A INPUT -p tcp -m tcp --dport 80 ${rule}\nCOMMIT\n`);
    expectRefusal(why);
  });

  const opening = (more: string) =>
    new Rendered(
      'kernel-web',
      `extends: web-server\nfirewall: { filter: nftables }\ntraffic: { ports: [80] }\n${more}\n`,
    );

  test('without a program of the proof changes nothing, and says which one is missing', () => {
    begin(opened());
    // A summary stands above the place where a reason to load unproven rules counts.
    const summarised = opening('summary: "unproven: says the summary"');
    const few = new Programs('');
    for (const name of FEW) few.link(name, name);
    const outcome = host.run('sh', summarised.command('load'), { path: few.path });
    for (const each of [few, summarised]) each.remove();
    expect(outcome).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing can be tried on this host: there is no bash'),
    });
    expect(host.must('nft', 'list', 'tables')).not.toContain('nettune');
  });

  test('without a program of the proof loads nevertheless where the profile gives a reason, and says so', () => {
    begin(opened());
    const unproven = opening('conntrack: { untracked: { unproven: tried by hand } }');
    const few = new Programs('');
    for (const name of FEW) few.link(name, name);
    const run = (task: string) => host.run('sh', unproven.command(task), { path: few.path });
    const said = expect.stringContaining('loaded without a proof, as the profile wants it: tried by hand');
    expect(run('load')).toMatchObject({ code: 0, stderr: said });
    unproven.hold(host);
    expect(run('status')).toMatchObject({ code: 0, stderr: said });
    unproven.letGo(host);
    expect(host.must('nft', 'list', 'tables')).toContain('nettune_kernel_web');
    expectDone(run('unload'));
    for (const each of [few, unproven]) each.remove();
  });

  test.each([
    ['dash', 'gawk'],
    ['bash', 'original-awk'],
    ['bash --posix', 'busybox'],
  ])('works in the shell %s with the awk of %s', (shell, awk) => {
    begin(HARMLESS['limits of other protocols and ports']);
    const others = new Programs(programs.path).link('awk', awk);
    const [program = '', ...args] = shell.split(' ');
    const run = (task: string) => host.run(program, [...args, ...rendered.command(task)], { path: others.path });
    expectDone(run('load'));
    rendered.hold(host);
    expectDone(run('status'));
    rendered.letGo(host);
    expectDone(run('unload'));
    begin(UNSEEN['a limit of new connections'][0]);
    expect(run('load')).toMatchObject({ code: 1, stderr: expect.stringMatching(/counts packets/) });
    others.remove();
    expect(host.run(program, [...args, ...rendered.command('stop')]).code).toBe(2);
  });

  test('that cannot try anything takes away what was loaded: nothing is known of the ports', () => {
    begin(opened());
    expectDone(rendered.rules(host, 'load'));
    // Other rules than those that were proven.
    host.must('nft', 'add rule inet filter input ip saddr 192.0.2.1 drop');
    const broken = new Programs(programs.path).link('nsenter', 'false');
    const outcome = host.run('sh', rendered.command('load'), { path: broken.path });
    broken.remove();
    rendered.letGo(host);
    expect(outcome).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/not loaded:\n.*in a copy of this host.*\n.*the served ports are tracked again/),
    });
    expect(host.must('nft', 'list', 'tables')).not.toContain('nettune');
  });

  describe('leaves no namespace, file or process of the proof behind', () => {
    let loader: Loader;

    beforeEach(() => {
      const alone = newHost();
      giveFilter(alone, opened());
      loader = new Loader(alone, rendered);
    });
    afterEach(() => loader.remove());

    const running = (words: RegExp) => [...loader.processes()].filter(([, command]) => words.test(command));

    test('when it is done', async () => {
      const done = loader.run('load');
      await expect.poll(() => running(/client\.bash/), { timeout: 30_000 }).not.toEqual([]);
      expectDone(await done);
      expect(loader.leftBehind()).toEqual([]);
    });

    test.each([
      ['SIGKILL', 'the proof', /^unshare -m -p /, 1],
      ['SIGTERM', 'its shell', /^sh .*nettune-host prove /, 1],
      ['SIGTERM', 'all of it, as systemd does', /./, undefined],
    ] as const)('when %s cuts off %s', async (signal, _, whom, first) => {
      const done = loader.run('load');
      await expect.poll(() => running(/client\.bash/), { timeout: 30_000 }).not.toEqual([]);
      for (const [id] of running(whom).slice(0, first)) kill(id, signal);
      expect((await done).code).not.toBe(0);
      await expect.poll(() => loader.leftBehind()).toEqual([]);
    });
  });
});

/** It may have ended meanwhile. */
function kill(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch {}
}
