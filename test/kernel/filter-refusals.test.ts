import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backend, Programs } from '../support/backends.ts';
import { docker } from '../support/foreign-rules.ts';
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

const ICMP = 'meta l4proto { icmp, ipv6-icmp } accept';
const PORTS = 'tcp dport { 22, 80, 8000-8003 }';

const chain = (...lines: readonly string[]) =>
  ['chain input {', 'type filter hook input priority 0; policy drop', ...lines, '}'].join('\n');
const filter = (...lines: readonly string[]) => chain('iif lo accept', ICMP, ...lines);
const opened = (...lines: readonly string[]) => filter(...lines, `${PORTS} accept`);

/** Reasons that a probe finds. */
const PROBED = {
  'the ports are accepted by state new alone': [
    filter('ct state established,related accept', `${PORTS} ct state new accept`),
    /ipv4: the filter would not accept port 80 untracked/,
  ],
  'a port is not accepted at all': [
    filter('tcp dport { 80, 8000, 8002-8003 } accept'),
    /ipv4: the filter does not accept port 8001, tracked as it is/,
  ],
  'no port is accepted': [filter('tcp dport 22 accept'), /does not accept port 80 from everybody/],
  'ICMP errors are accepted by state alone': [
    chain(
      'iif lo accept',
      'icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept',
      'ct state established,related accept',
      `${PORTS} accept`,
    ),
    /ICMP errors about untracked packets, so that long answers hang/,
  ],
  'answers over loopback are accepted by state alone': [
    chain(ICMP, 'ct state established,related accept', `${PORTS} accept`),
    /port 80 untracked over loopback/,
  ],
  'answers are accepted by state alone': [
    `${opened()}\nchain output {\ntype filter hook output priority 0; policy drop\nct state established,related accept\noif lo accept\n${ICMP}\n}`,
    /ipv4: the filter would not accept port 80 untracked/,
  ],
} as const;

/** Reasons that a probe does not see. */
const UNSEEN = {
  'a ban by state new': [opened('ip saddr 10.203.1.66 ct state new drop'), /refuses or counts by state new/],
  'a limit of new connections': [opened('tcp dport 80 ct state new limit rate over 9/second drop'), /by state new/],
  'a chain for new connections': [
    `chain bans {\nip saddr 10.203.1.66 drop\n}\n${opened('ct state new jump bans')}`,
    /refuses or counts by state new/,
  ],
  'a map of states that leads new connections to a chain': [
    `chain bans {\nip saddr 10.203.1.66 drop\n}\n${opened('ct state vmap { established : accept, new : jump bans }')}`,
    /decides by state new/,
  ],
  'whatever is not new is let in': [
    opened('ct state != new accept', 'ip saddr 10.203.1.66 drop'),
    /is in no such state/,
  ],
  'a count of packets': [
    filter('ct state established,related accept', `${PORTS} limit rate 1000/second burst 1000 packets accept`),
    /counts packets/,
  ],
  'a set of addresses that are seen too often': [
    `set seen {\ntype ipv4_addr\nflags dynamic\n}\n${opened('tcp dport 80 add @seen { ip saddr limit rate over 1000/second } drop')}`,
    /counts packets/,
  ],
  'connections counted by address': [
    opened('tcp dport 8000-8003 meter many { ip saddr ct count over 100 } reject'),
    /needs the entries of the connection table/,
  ],
  'a mark from the connection': [opened('meta mark set ct mark'), /needs the entries of the connection table/],
  'a redirection': [
    `${opened()}\nchain nat {\ntype nat hook prerouting priority -100\ntcp dport 8002 redirect to :3128\n}`,
    /translates a served port/,
  ],
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
  'a filter without states': opened(),
};

describe('beside a filter of nft, loading', () => {
  const network = new Network();
  let programs: Programs;
  let host: Host;
  let rendered: Rendered;

  beforeAll(() => {
    programs = backend('nft');
    host = network.host('filter', programs.path);
    rendered = webServer('nftables');
  });
  afterAll(() => {
    network.remove();
    for (const each of [programs, rendered]) each?.remove();
  });

  function begin(rules: string): void {
    const { code, stderr } = host.run('nft', ['-f', '-'], {
      input: `flush ruleset\ntable inet filter {\n${rules}\n}\n`,
    });
    expect(code, `${stderr}\n${rules}`).toBe(0);
  }

  function expectRefusal(reason: RegExp): void {
    const before = host.must('nft', 'list', 'ruleset');
    const { code, stderr } = rendered.rules(host, 'load');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(reason) });
    expect(stderr).toContain('nothing was changed');
    expect(host.must('nft', 'list', 'ruleset')).toBe(before);
  }

  test.each(Object.entries({ ...PROBED, ...UNSEEN }))('is refused: %s', (_, [rules, why]) => {
    begin(rules);
    expectRefusal(why);
  });

  test.each(Object.entries(HARMLESS))('is not refused: %s', (_, rules) => {
    begin(rules);
    expectDone(rendered.rules(host, 'load'));
    expectDone(rendered.rules(host, 'unload'));
  });

  test('leaves a family tracked in which the filter does not accept the ports, and says so', () => {
    begin(filter('meta nfproto ipv4 tcp dport { 80, 8000-8003 } accept'));
    const outcome = rendered.rules(host, 'load');
    expectDone(outcome);
    expect(outcome.stderr).toContain(
      'ipv6: the filter does not accept port 80 from everybody, so all ports stay tracked',
    );
    expect(host.must('nft', 'list', 'table', 'inet', 'nettune_kernel_web')).toContain('meta nfproto != ipv4 accept');
    expectDone(rendered.rules(host, 'status'));
    expectDone(rendered.rules(host, 'unload'));
  });

  test("copies Docker's rules of iptables, and is refused once they translate a served port", () => {
    begin(opened());
    host.restore('iptables-restore', docker);
    const before = rulesOf(host);
    expectDone(rendered.rules(host, 'load'));
    expect(rulesOf(host)).toBe(before);
    expectDone(rendered.rules(host, 'unload'));
    host.restore('iptables-restore', docker.replace('--dport 8080', '--dport 80'));
    expectRefusal(/a rule translates a served port/);
  });

  test.each([
    [
      'as `ufw limit` has it',
      '-m conntrack --ctstate NEW -m recent --update --seconds 30 --hitcount 6 --name x -j REJECT',
      /refuses by state NEW/,
    ],
    ['by packets', '-m limit --limit 1000/second --limit-burst 1000 -j ACCEPT', /counts packets/],
    ['by address', '-m connlimit --connlimit-above 99 -j REJECT', /needs the entries/],
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

  test('without a program of the probe changes nothing, and says which one is missing', () => {
    begin(opened());
    // A summary stands above the place where a reason to load unproven rules counts.
    const summarised = opening('summary: "unproven: says the summary"');
    const few = new Programs('');
    for (const name of [
      'ip',
      'sh',
      'dirname',
      'grep',
      'tr',
      'sed',
      'nft',
      'awk',
      'unshare',
      'nsenter',
      'timeout',
      'bash',
    ])
      few.link(name, name);
    const outcome = host.run('sh', [summarised.script, 'load'], { path: few.path });
    for (const each of [few, summarised]) each.remove();
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no systemd-socket-activate') });
    expect(host.must('nft', 'list', 'tables')).not.toContain('nettune');
  });

  test('without a program of the probe loads nevertheless where the profile gives a reason, and says so', () => {
    begin(opened());
    const unproven = opening('conntrack: { untracked: { unproven: tried by hand } }');
    const few = new Programs('');
    for (const name of ['cat', 'dirname', 'grep', 'ip', 'mktemp', 'nft', 'rm', 'sed', 'sh', 'tr']) few.link(name, name);
    const run = (task: 'load' | 'unload' | 'status') => host.run('sh', [unproven.script, task], { path: few.path });
    const said = expect.stringContaining('there is no awk, so the rules are not tried first');
    for (const task of ['load', 'status'] as const) expect(run(task)).toMatchObject({ code: 0, stderr: said });
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
    const run = (task: string) => host.run(program, [...args, rendered.script, task], { path: others.path });
    for (const task of ['load', 'status', 'unload']) expectDone(run(task));
    begin(UNSEEN['a limit of new connections'][0]);
    expect(run('load')).toMatchObject({ code: 1, stderr: expect.stringMatching(/by state new/) });
    others.remove();
    expect(host.run(program, [...args, rendered.script, 'stop']).code).toBe(2);
  });

  test('that cannot probe takes away what was loaded: nothing is known of the ports', () => {
    begin(opened());
    expectDone(rendered.rules(host, 'load'));
    const broken = new Programs(programs.path).link('nsenter', 'false');
    const outcome = host.run('sh', [rendered.script, 'load'], { path: broken.path });
    broken.remove();
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('the probe failed') });
    expect(host.must('nft', 'list', 'tables')).not.toContain('nettune');
  });

  test('leaves no process of the probe behind', () => {
    begin(opened());
    expectDone(rendered.rules(host, 'load'));
    expect(host.must('ip', 'netns', 'pids', host.namespace).trim().split('\n')).toHaveLength(1);
    expectDone(rendered.rules(host, 'unload'));
  });
});
