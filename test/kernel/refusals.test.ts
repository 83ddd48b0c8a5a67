import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { BACKENDS, backend, Programs, withoutIpv6 } from '../support/backends.ts';
import { arch, docker, redHat } from '../support/foreign-rules.ts';
import { inCi } from '../support/long.ts';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { type Rendered, webServer } from '../support/rendered.ts';
import { expectDone, rulesOf } from '../support/rules.ts';
import { writeXdpProgram } from '../support/xdp-program.ts';

requirePrograms({
  ipset: 'ipset',
  ip: 'iproute2',
  'iptables-nft': 'iptables',
  'iptables-legacy': 'iptables',
  nft: 'nftables',
  'systemd-socket-activate': 'systemd',
  dash: 'dash',
  bash: 'bash',
  busybox: 'busybox',
  gawk: 'gawk',
  'original-awk': 'original-awk',
  conntrack: 'conntrack',
  tc: 'iproute2',
});

let unfiltered: Rendered;
let filtered: Rendered;
let network: Network;
let programs: Readonly<Record<(typeof BACKENDS)[number], Programs>>;
let hosts = 0;

beforeAll(() => {
  unfiltered = webServer('none');
  filtered = webServer('iptables');
  network = new Network();
  programs = { nft: backend('nft'), legacy: backend('legacy') };
});

afterAll(() => {
  network?.remove();
  for (const each of [unfiltered, filtered, programs?.nft, programs?.legacy]) each?.remove();
});

/** A host of its own for each case, mostly without IPv6: then connections are tried over IPv4 alone. */
function newHost(kind: (typeof BACKENDS)[number], hasIpv6 = false): Host {
  const host = network.host(`host${hosts++}`, programs[kind].path);
  const commands: readonly (readonly [string, ...string[]])[] = [
    ['sysctl', '-qw', `net.ipv6.conf.all.disable_ipv6=${hasIpv6 ? 0 : 1}`],
    ['ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'cable'],
    ['ip', 'address', 'add', '85.214.10.2/24', 'dev', 'eth0'],
    ['ip', 'link', 'set', 'eth0', 'up'],
    ['ip', 'link', 'set', 'cable', 'up'],
    ['ipset', 'create', 'nobody', 'hash:ip'],
  ];
  for (const command of commands) host.must(...command);
  if (hasIpv6) host.must('ip', 'address', 'add', '2a01:4f8:10::2/64', 'dev', 'eth0', 'nodad');
  return host;
}

const input = (...rules: readonly string[]) => `*filter\n${rules.map((rule) => `-A INPUT ${rule}\n`).join('')}COMMIT\n`;
const output = (...rules: readonly string[]) =>
  `*filter\n:OUTPUT DROP\n${rules.map((rule) => `-A OUTPUT ${rule}\n`).join('')}COMMIT\n`;
const mangle = (...rules: readonly string[]) => `*mangle\n${rules.join('\n')}\nCOMMIT\n`;
const nat = (...rules: readonly string[]) => `*nat\n${rules.join('\n')}\nCOMMIT\n`;
const established = '-m state --state RELATED,ESTABLISHED -j ACCEPT';
const plain = '-p tcp -m multiport --dports 80,8000:8003 -j ACCEPT';
const opening = '-p tcp -m state --state NEW -m multiport --dports 80,8000:8003 -j ACCEPT';
const STRANGER = 'a client that no rule names, such as [0-9.]+,';

/** What the profile says of the filter. */
type Says = 'none' | 'iptables';
type Row = readonly [says: Says, rules: string, why: RegExp];

/** A connection fails, or is made, or answered, in the copy of the host and is not so today: that is the reason. */
const TRIED: Readonly<Record<string, Row>> = {
  'rules on connection state, and the profile knows of no filter': [
    'none',
    redHat('above'),
    new RegExp(`${STRANGER} would no longer reach port 80 of 85\\.214\\.10\\.2`),
  ],
  'a ban of new connections by their state': [
    'iptables',
    input(established, '-s 10.203.1.66 -m state --state NEW -j DROP', opening, '-j DROP'),
    /10\.203\.1\.66 \(-A INPUT -s 10\.203\.1\.66\/32 .* --state NEW -j DROP\) would reach port 80 .* does not today/,
  ],
  'a served port between two that are open': [
    'iptables',
    input(established, '-p tcp -m state --state NEW -m multiport --dports 80,8000,8002:8003 -j ACCEPT', '-j DROP'),
    /nobody reaches port 8001 in a copy of this host/,
  ],
  'a filter in which nobody reaches the served ports': [
    'iptables',
    input(established, '-j DROP', opening),
    /nobody reaches a served port in a copy of this host: accept it in your filter, or take it out/,
  ],
  'a refusal of what is untracked': [
    'iptables',
    input('-m conntrack --ctstate INVALID,UNTRACKED -j DROP', established, plain, '-j DROP'),
    /would no longer reach port [0-9]+/,
  ],
  'a port that is open by a return on state': [
    'iptables',
    input('-m state --state RELATED,ESTABLISHED -j RETURN', opening.replace('ACCEPT', 'RETURN'), '-j DROP'),
    /would no longer reach port 80/,
  ],
  'answers that are let out, and nothing else, not even over loopback': [
    'iptables',
    output('-m conntrack --ctstate INVALID -j DROP', '-m state --state ESTABLISHED -j ACCEPT'),
    /this host would reach port 80 over loopback, and does not today/,
  ],
  'a refusal of untracked packets in mangle': [
    'iptables',
    mangle('-A INPUT -p tcp -m conntrack ! --ctstate NEW,ESTABLISHED,RELATED -j DROP'),
    /would no longer reach port 80/,
  ],
  'a list of states in a chain of mangle that answers pass': [
    'iptables',
    mangle(':MINE -', '-A POSTROUTING -j MINE', `-A MINE ${established}`, '-A MINE -j DROP'),
    new RegExp(`an open connection of ${STRANGER} to port 80 of 85\\.214\\.10\\.2 would end when our rules are loaded`),
  ],
  'a list of states in security': [
    'iptables',
    `*security\n-A INPUT ${established}\n-A INPUT ${opening}\n-A INPUT -p tcp -j DROP\nCOMMIT\n`,
    /would no longer reach port 80/,
  ],
  'a refusal of INVALID errors in mangle': [
    'none',
    mangle('-A PREROUTING -m conntrack --ctstate INVALID -j DROP'),
    new RegExp(`${STRANGER} would get only the beginning of long answers from port 80`),
  ],
  'a redirection': [
    'none',
    nat('-A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 3128'),
    /nobody reaches port 80 .* a rule of yours translates it.* -t nat -A PREROUTING .* --dport 80 -j REDIRECT .* name it in `firewall\.translated`/,
  ],
  'translation of whoever comes from a bridge': [
    'none',
    nat('-A PREROUTING -i br0 -p tcp -j REDIRECT --to-ports 1'),
    /\(from elsewhere, by br0\) would reach port 80 .*, and does not today/,
  ],
  'a ban by state in a set that is empty today': [
    'iptables',
    `*filter\n-A INPUT ${established}\n-A INPUT -m set --match-set nobody src -m state --state NEW -j DROP\n-A INPUT ${opening}\n-A INPUT -j DROP\nCOMMIT\n`,
    /\(in set nobody, if it were\) would reach port 80/,
  ],
  'a door that opens on one device alone': [
    'iptables',
    `*filter\n-A INPUT ${established}\n-A INPUT -i br0 -m state --state NEW -j DROP\n-A INPUT ${opening}\n-A INPUT -j DROP\nCOMMIT\n`,
    /\(from elsewhere, by br0\) would reach port 80/,
  ],
  'translation whatever the port': [
    'none',
    nat('-A PREROUTING -s 85.214.10.0/24 -p tcp -j REDIRECT --to-ports 80'),
    /\(.*\) would no longer reach port 8009 .*, which your rules translate to a served port/,
  ],
  'a published container port': [
    'iptables',
    docker.replace('8080', '8001'),
    /port 8001 over IPv4: a rule of yours translates it.* -t nat -A DOCKER .* --dport 8001 -j DNAT/,
  ],
};

/** What clients of a copy have alike, and those of a host need not. */
const DETAILS: readonly string[] = [
  '-m ttl --ttl-lt 5',
  '-m length --length 0:59',
  '-m u32 --u32 0>>22&0x3C@12>>16&0x3F=0x2',
  '-m dscp --dscp 0x08',
  '-m tos --tos 0x08',
  '-m ecn --ecn-tcp-cwr',
];

const ASKS = /-A INPUT .*: asks the connection table, in which untracked connections are not/;

/** Rules that count, or ask for what a copy of the host does not have: no connection has to be tried. */
const UNSEEN: Readonly<Record<string, Row>> = {
  'more destinations of translation than a proof tries': [
    'none',
    nat(
      ...Array.from(
        { length: 101 },
        (_, n) => `-A PREROUTING -d 203.0.113.${n}/32 -p tcp --dport 25 -j DNAT --to 10.0.0.9`,
      ),
    ),
    /your rules translate more destinations than a proof tries \(100\): 101/,
  ],
  'more ports to translate than a proof tries': [
    'none',
    nat(...Array.from({ length: 61 }, (_, n) => `-A PREROUTING -p tcp --dport ${2000 + n} -j REDIRECT --to-ports 25`)),
    /your rules translate more ports than a proof tries \(60\): 61/,
  ],
  'an address that is banned, and translated': [
    'none',
    `${nat('-A PREROUTING -d 203.0.113.66/32 -p tcp --dport 25 -j DNAT --to 10.0.0.9')}${input('-s 203.0.113.66 -j DROP')}`,
    /your rules name 203\.0\.113\.66 as a client and as a destination to translate, and a proof cannot try both/,
  ],
  'a mark that others set, and a comment that looks like a rule that sets it': [
    'none',
    input('-s 192.0.2.9 -m comment --comment "x -j MARK y" -j DROP', '-m mark --mark 0x7 -j DROP'),
    /-m mark --mark 0x7 -j DROP: asks for a mark that other programs set/,
  ],
  'a ban by source ports, whatever the state': [
    'iptables',
    `*filter\n-A INPUT ${established}\n-A INPUT -p tcp --sport 0:1023 --dport 80 -j DROP\n-A INPUT ${plain}\n-A INPUT -j DROP\nCOMMIT\n`,
    /--sport 0:1023 .*: asks for the clients' source port, which a copy does not vary/,
  ],
  'more devices than a copy has room for': [
    'none',
    input(...Array.from({ length: 100 }, (_, number) => `-i tun${number} -j ACCEPT`)),
    /your addresses, routes and rules name 101 devices, and a proof has room for 100/,
  ],
  'a ban by the source port of new connections': [
    'iptables',
    `*filter\n-A INPUT ${established}\n-A INPUT -p tcp --sport 0:1023 -m state --state NEW -j DROP\n-A INPUT ${opening}\n-A INPUT -j DROP\nCOMMIT\n`,
    /--sport 0:1023 .*: asks for the clients' source port, which a copy does not vary/,
  ],
  'a ban by a segment size that no client of a copy has': [
    'none',
    mangle('-A PREROUTING -p tcp -m conntrack --ctstate NEW -m tcpmss ! --mss 536:65535 -j DROP'),
    /-m tcpmss .*: asks for a detail of packets that a copy does not vary/,
  ],
  'chains of ufw': [
    'iptables',
    '*filter\n:ufw-before-input -\n-A INPUT -j ufw-before-input\nCOMMIT\n',
    /ufw owns the filter: set `firewall\.filter: ufw` in the profile/,
  ],
  'chains of firewalld': [
    'iptables',
    '*filter\n:INPUT_ZONES -\n-A INPUT -j INPUT_ZONES\nCOMMIT\n',
    /firewalld owns the filter: set `firewall\.filter: firewalld` in the profile/,
  ],
  'a limit on connections, which are counted in the table': [
    'iptables',
    input(established, '-p tcp --syn --dport 80 -m connlimit --connlimit-above 9 -j REJECT', opening, '-j DROP'),
    /-A INPUT .*--connlimit-above 9 .*: counts connections of the table, and untracked ones are not in it/,
  ],
  'a mark that is read from the connection': [
    'iptables',
    mangle('-A OUTPUT -j CONNMARK --restore-mark'),
    /-t mangle -A OUTPUT -j CONNMARK --restore-mark .*: asks the connection table/,
  ],
  'acceptance by the mark of a connection': [
    'iptables',
    input('-m connmark --mark 0x0/0x8 -j ACCEPT', '-j DROP'),
    /-A INPUT -m connmark .*: asks the connection table/,
  ],
  'a transparent proxy': [
    'none',
    '*mangle\n-A PREROUTING -p tcp --dport 80 -j TPROXY --on-port 3128\nCOMMIT\n',
    /-t mangle -A PREROUTING .* -j TPROXY .*: hands packets to another program/,
  ],
  ...Object.fromEntries(
    [
      '-m conntrack --ctorigdstport 80',
      '-m conntrack --ctstatus SEEN_REPLY',
      '-m conntrack --ctdir ORIGINAL',
      '-m conntrack --ctstate NEW --ctproto 6',
      '-m connlabel --label 1',
      '-m helper --helper ftp',
      '-m connbytes --connbytes 0 --connbytes-dir both --connbytes-mode bytes',
    ].map((match): [string, Row] => [
      `acceptance by ${match}`,
      ['iptables', input(`${match} -j ACCEPT`, '-j DROP'), ASKS],
    ]),
  ),
  ...Object.fromEntries(
    DETAILS.map((match): [string, Row] => [
      `a ban of new connections by ${match}`,
      [
        'iptables',
        input(established, `-p tcp ${match} -m state --state NEW -j DROP`, opening, '-j DROP'),
        /-A INPUT .* -j DROP: asks for a detail of packets that a copy does not vary/,
      ],
    ]),
  ),
};

/** Rules that treat untracked packets as tracked ones, once ours are in place. */
const HARMLESS: Readonly<Record<string, readonly [says: Says, rules: string]>> = {
  'rules on state that decide nothing, and the profile knows of no filter': ['none', input(established)],
  'a port that is open to some only, by state': [
    'iptables',
    input(
      established,
      '-s 10.0.0.0/8 -p tcp -m state --state NEW -m multiport --dports 80,8000:8003 -j ACCEPT',
      '-j DROP',
    ),
  ],
  'states matched in a chain only': [
    'iptables',
    `*filter\n:MINE -\n-A INPUT -j MINE\n-A MINE ${established}\nCOMMIT\n`,
  ],
  'a refusal of a device that nobody comes by, below what accepts by state': [
    'iptables',
    input(established, opening, '-i eth9 -j DROP', '-s 192.0.2.1 -j DROP'),
  ],
  'a ban in a chain, below what accepts by state': [
    'iptables',
    '*filter\n:BANS -\n' +
      `-A INPUT ${established}\n-A INPUT ${opening}\n-A INPUT -j BANS\n-A INPUT ${plain}\n-A INPUT -j DROP\n` +
      '-A BANS -s 192.0.2.1 -j DROP\nCOMMIT\n',
  ],
  'a refusal of untracked answers, below what accepts by state': [
    'iptables',
    output(established, '-m conntrack ! --ctstate NEW,RELATED,ESTABLISHED -j DROP', '-j ACCEPT'),
  ],
  'answers accepted by port and state': [
    'iptables',
    output(
      '-o lo -j ACCEPT',
      '-m conntrack --ctstate INVALID -j DROP',
      '-p tcp -m multiport --sports 80,8000:8005 -m state --state ESTABLISHED -j ACCEPT',
    ),
  ],
  'answers accepted in a chain': [
    'iptables',
    '*filter\n:OUTPUT DROP\n:MINE -\n-A OUTPUT -o lo -j ACCEPT\n-A OUTPUT -m conntrack --ctstate INVALID -j DROP\n' +
      '-A OUTPUT -j MINE\n-A MINE -m conntrack ! --ctstate NEW,INVALID -j ACCEPT\nCOMMIT\n',
  ],
  'a refusal of what is invalid, and nothing else on states': [
    'iptables',
    input('-m conntrack --ctstate INVALID -j DROP', '-p udp -m conntrack ! --ctstate NEW -j DROP', plain, '-j DROP'),
  ],
  'a filter that accepts no errors, of which long answers are cut short': [
    'iptables',
    input('-m state --state ESTABLISHED -j ACCEPT', opening, '-j DROP'),
  ],
  'a published container port that is not served': ['none', docker],
  'translation of UDP': ['none', nat('-A PREROUTING -p udp --dport 80 -j REDIRECT --to-ports 53')],
  'translation of another address, without a port': [
    'none',
    nat('-A PREROUTING -d 192.0.2.7 -p tcp -j DNAT --to 10.0.0.1'),
  ],
  'translation of what comes from a bridge for others': [
    'none',
    nat('-A PREROUTING -i br0 -p tcp -m addrtype ! --dst-type LOCAL -j REDIRECT --to-ports 1'),
  ],
  'a limit on another port by state': [
    'none',
    input('-p tcp --dport 22 -m state --state NEW -m limit --limit 3/min -j DROP'),
  ],
  'a ban below what accepts without a state': ['none', input('-p tcp --dport 80 -j ACCEPT', '-s 192.0.2.1 -j DROP')],
  'refusals of segments that no client sends, by their flags, size and kind': [
    'iptables',
    input(
      '-p tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j DROP',
      established,
      '-p tcp --tcp-flags SYN,RST SYN,RST -m state --state NEW -j DROP',
      '-p tcp ! --syn -m state --state NEW -j DROP',
      '-p udp -m length --length 0:28 -j DROP',
      opening,
      '-j DROP',
    ),
  ],
  'refusals in mangle that miss what is untracked': [
    'none',
    mangle(
      '-A PREROUTING -p tcp ! --syn -m conntrack --ctstate NEW -j DROP',
      '-A POSTROUTING -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu',
    ),
  ],
  'a list of states for what is forwarded': [
    'none',
    mangle(
      `-A FORWARD ${established}`,
      '-A FORWARD -m conntrack ! --ctstate NEW -j DROP',
      '-A FORWARD -m connmark --mark 1 -j DROP',
    ),
  ],
  'a mark of connections that is only written': ['none', mangle('-A PREROUTING -j CONNMARK --set-mark 1')],
  'a comment that looks like a rule': [
    'none',
    input('-m comment --comment "-m state --state NEW -j DROP" -s 192.0.2.1 -j DROP'),
  ],
};

/** Whatever loads the rules, as many as there are rules: each on one kind of iptables, in turn. */
const inTurn = <R extends readonly unknown[]>(rows: Readonly<Record<string, R>>) =>
  Object.entries(rows).map(([title, row], index) => [BACKENDS[index % 2] ?? 'nft', title, row] as const);

const renderedFor = (says: Says) => (says === 'none' ? unfiltered : filtered);

describe.concurrent('loading', () => {
  test.for(inTurn({ ...TRIED, ...UNSEEN }))('by iptables-%s is refused: %s', async ([kind, , row], { expect }) => {
    const [says, rules, why] = row;
    const host = newHost(kind);
    host.restore('iptables-restore', rules);
    const before = rulesOf(host);
    const { code, stderr } = await host.runAside('sh', renderedFor(says).command('load'));
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(why) });
    expect(stderr).toContain('nothing was changed');
    expect(rulesOf(host)).toBe(before);
  });

  test.for(inTurn(HARMLESS))('by iptables-%s is not refused: %s', async ([kind, , row], { expect }) => {
    const [says, rules] = row;
    const host = newHost(kind);
    host.restore('iptables-restore', rules);
    const outcome = await host.runAside('sh', renderedFor(says).command('load'));
    expect(outcome).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(rulesOf(host)).toContain('-A PREROUTING -j NT-PRE-kernel-web');
  });
});

describe.each(inCi(BACKENDS, 'legacy'))('with iptables-%s, loading', (kind) => {
  let host: Host;

  beforeAll(() => {
    host = newHost(kind);
  });

  function begin(rules: string): void {
    const nothing = ['raw', 'nat', 'filter', 'mangle', 'security'].map((table) => `*${table}\nCOMMIT\n`).join('');
    host.restore('iptables-restore', `${nothing}*filter\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n:FORWARD ACCEPT\nCOMMIT\n`);
    host.restore('iptables-restore', rules);
  }

  test('is not misled by a comment of two lines, the second of which looks like a rule', () => {
    begin(redHat('above'));
    const comment = 'x\n-A INPUT -j NT-EST-kernel-web';
    host.must('iptables', '-I', 'INPUT', '-s', '192.0.2.1', '-m', 'comment', '--comment', comment, '-j', 'DROP');
    for (const task of ['load', 'status', 'unload'] as const) expectDone(filtered.rules(host, task));
    expect(host.must('iptables-save').match(/NT-/g)).toHaveLength(1);
  });

  test('prints a rule without the control characters of its comment', () => {
    begin('');
    const counted = '-p tcp --syn --dport 80 -m connlimit --connlimit-above 9 -j DROP -m comment --comment';
    host.must('iptables', '-A', 'INPUT', ...counted.split(' '), 'a\\c\x1b[2J\r\nä');
    const { code, stderr } = filtered.rules(host, 'load');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^[\n -~]*connlimit[\n -~]*\\c\?\[2J\? [\n -~]*$/),
    });
  });

  test('is refused, and what was loaded goes, once a filter has come that it would be refused for: tracked again, the site is up', () => {
    begin('');
    expectDone(unfiltered.rules(host, 'load'));
    host.restore('iptables-restore', redHat('above'));
    expect(unfiltered.rules(host, 'status')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/would be refused now: .* would no longer reach port 80/),
    });
    const { code, stderr } = unfiltered.rules(host, 'load');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('the served ports are tracked again'),
    });
    expect(rulesOf(host)).not.toContain('NT-');
    expect(rulesOf(host)).toContain('--state NEW');
  });

  test('has status name what a profile that is gone has left, and its commands take that out', () => {
    begin(input('-s 192.0.2.1 -j DROP'));
    host.must('iptables', '-t', 'raw', '-N', 'NT-PRE-old-shop');
    host.must('iptables', '-t', 'raw', '-A', 'PREROUTING', '-j', 'NT-PRE-old-shop');
    host.must('nft', 'add', 'table', 'inet', 'nettune_old_shop');
    const { stderr } = unfiltered.rules(host, 'status');
    const commands = [...stderr.matchAll(/ of profile old.shop (?:are|is) left: (.*)/g)].map(
      ([, command = '']) => command,
    );
    expect(commands).toHaveLength(2);
    for (const command of commands) host.must('sh', '-c', command);
    expect(rulesOf(host)).not.toContain('old');
    expect(rulesOf(host)).toContain('-A INPUT -s 192.0.2.1/32 -j DROP');
    expect(unfiltered.rules(host, 'status').stderr).not.toContain('old');
  });

  test('is refused for a set that ipset saves and cannot restore, by its name', () => {
    host.must('ipset', 'create', 'bad guys', 'hash:ip');
    try {
      begin(input('-m set --match-set "bad guys" src -j DROP'));
      const { code, stderr } = unfiltered.rules(host, 'load');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: expect.stringContaining('your set "bad guys" has a blank in its name'),
      });
    } finally {
      begin('');
      host.must('ipset', 'destroy', 'bad guys');
    }
  });

  test('does not take members of sets that no rule asks for as clients, and says when there are too many to try', () => {
    const crowded = newHost(kind);
    const countries = Array.from({ length: 40 }, (_, number) => `country${number}`);
    const members = countries.flatMap((name, country) => [
      `create ${name} hash:net`,
      ...Array.from({ length: 100 }, (_, member) => `add ${name} 45.${country}.${member}.0/24`),
    ]);
    const lists = ['create both list:set', 'add both country1', 'create neither list:set', 'add neither country2'];
    crowded.run('ipset', ['restore'], { input: `${[...members, ...lists].join('\n')}\n` });
    const match = (name: string) => `-A INPUT -m set --match-set ${name} src -j DROP\n`;
    crowded.restore('iptables-restore', `*filter\n${match('both')}COMMIT\n`);
    expectDone(unfiltered.rules(crowded, 'load'));
    expectDone(unfiltered.rules(crowded, 'unload'));
    crowded.restore('iptables-restore', `*filter\n${countries.map(match).join('')}COMMIT\n`);
    expect(unfiltered.rules(crowded, 'load')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/your rules name more kinds of clients than a proof tries \(400\): [0-9]+\n/),
    });
  });

  test.each([
    ['read-only', 'mount -o remount,ro,bind /var/cache'],
    ['without a place for a folder of ours', ': >/var/cache/nettune'],
  ])('proves all the same where /var/cache is %s', (_, make) => {
    const outcome = newHost(kind).run('sh', ['-c', `${make} && exec sh "$@"`, 'sh', ...unfiltered.command('load')]);
    expect(outcome).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  test('proves where the gateway is in no network of the host', () => {
    const small = newHost(kind);
    small.must('ip', 'address', 'add', '85.214.10.2/32', 'dev', 'eth0');
    small.must('ip', 'address', 'delete', '85.214.10.2/24', 'dev', 'eth0');
    small.must('ip', 'route', 'add', 'default', 'via', '172.31.1.1', 'dev', 'eth0', 'onlink');
    expectDone(unfiltered.rules(small, 'load'));
  });

  test('from a host without IPv6 programs succeeds, and says so', () => {
    begin(redHat('above'));
    const only = withoutIpv6(kind).link('nft', 'nft');
    onTestFinished(() => only.remove());
    const run = (task: string) => host.run('sh', filtered.command(task), { path: only.path });
    const said = { code: 0, stderr: 'nettune kernel-web: IPv4 only: there is no ip6tables\n' };
    expect(run('load')).toMatchObject(said);
    filtered.hold(host);
    expect(run('status')).toMatchObject(said);
    filtered.letGo(host);
    expect(run('unload')).toMatchObject(said);
  });

  test('without the program nft is refused, unless the kernel has nothing of nft', () => {
    begin(redHat('above'));
    const only = withoutIpv6(kind);
    onTestFinished(() => only.remove());
    const load = ['sh', '-c', '[ $0 = yes ] || mount --bind /dev/null /proc/kallsyms; exec sh "$@"'];
    const run = (hasNft: 'yes' | 'no') =>
      host.run('sh', [...load.slice(1), hasNft, ...filtered.command('load')], { path: only.path });
    expect(run('yes')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /nothing can be tried on this host: there is no nft, .* Install the package nftables/,
      ),
    });
    expect(run('no')).toMatchObject({ code: 0 });
    expectDone(filtered.rules(host, 'unload'));
  });

  test('that fails half-way leaves nothing of ours', () => {
    const both = newHost(kind, true);
    both.restore('iptables-restore', redHat('above'));
    const before = rulesOf(both);
    // Not in the copy: there a program that fails is a reason to refuse.
    const broken = new Programs(programs[kind].path);
    const real = both.must('sh', '-c', 'command -v ip6tables-restore').trim();
    const script = `#!/bin/sh\n[ -n "$NETTUNE_STAGE" ] && exec ${real} "$@"\nexit 1\n`;
    writeFileSync(join(broken.folder, 'ip6tables-restore'), script, { mode: 0o755 });
    onTestFinished(() => broken.remove());
    const outcome = both.run('sh', filtered.command('load'), { path: broken.path });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/ip6tables-restore failed on table (raw|filter)\n.*removing what is ours/);
    expect(rulesOf(both)).toBe(before);
  });

  test.each(kind === 'nft' ? ['original-awk'] : ['gawk', 'busybox'])('works with the awk of %s', (awk) => {
    begin(arch);
    const before = rulesOf(host);
    const others = new Programs(programs[kind].path).link('awk', awk);
    onTestFinished(() => others.remove());
    const run = (task: string) => host.run('sh', filtered.command(task), { path: others.path });
    expectDone(run('load'));
    filtered.hold(host);
    expectDone(run('status'));
    filtered.letGo(host);
    expectDone(run('unload'));
    expect(rulesOf(host)).toBe(before);
    host.restore('iptables-restore', nat('-A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 1'));
    expect(run('load')).toMatchObject({ code: 1, stderr: expect.stringContaining('nobody reaches port 80') });
    host.restore('iptables-restore', UNSEEN['a transparent proxy']?.[1] ?? '');
    expect(run('load')).toMatchObject({ code: 1, stderr: expect.stringContaining('TPROXY') });
  });

  test.each(kind === 'nft' ? ['dash', 'bash --posix'] : ['bash', 'busybox sh'])('works in the shell %s', (shell) => {
    begin(arch);
    const before = rulesOf(host);
    const words = shell.split(' ');
    expectDone(filtered.rules(host, 'load', words));
    expectDone(filtered.rules(host, 'status', words));
    expectDone(filtered.rules(host, 'unload', words));
    expect(filtered.rules(host, 'status', words).code).toBe(1);
    expect(rulesOf(host)).toBe(before);
    expect(host.run(words[0] ?? '', [...words.slice(1), ...filtered.command('stop')]).code).toBe(2);
  });
});

describe('beside programs and filters at a device, loading', () => {
  const CT = `filter protocol ip pref 2 flower chain 0 handle 0x1
  eth_type ipv4
\taction order 1: ct zone 0 pipe
\t index 1 ref 1 bind 1
`;

  test('is refused where XDP or a filter of tc may ask the connection table, and where others are is not', async () => {
    const host = newHost('legacy');
    const programs_ = new Programs(programs.legacy.path);
    onTestFinished(() => programs_.remove());
    const reasons = () => host.run('sh', unfiltered.command('reasons'), { path: programs_.path });
    const refused = (why: string) => ({
      code: 1,
      stderr: expect.stringContaining(`${why}: may ask the connection table`),
    });

    host.must('tc', 'qdisc', 'add', 'dev', 'eth0', 'clsact');
    for (const way of ['ingress', 'egress'])
      host.must('tc', ...`filter add dev eth0 ${way} protocol ip prio 1 u32 match u32 0 0`.split(' '));
    expect(reasons()).toMatchObject({ code: 0, stderr: '' });

    const [filter_, bytecode] = ['filter add dev eth0 egress prio 2 bpf bytecode', '1,6 0 0 4294967295,'];
    host.must('tc', ...filter_.split(' '), bytecode);
    expect(reasons()).toMatchObject(refused('filter of tc on eth0, egress'));
    host.must('tc', 'filter', 'delete', 'dev', 'eth0', 'egress');

    const object = join(programs_.folder, 'pass.o');
    writeXdpProgram(object);
    host.must('ip', 'link', 'set', 'dev', 'eth0', 'xdpgeneric', 'obj', object, 'sec', 'xdp');
    expect(reasons()).toMatchObject(refused('XDP program on eth0'));
    host.must('ip', 'link', 'set', 'dev', 'eth0', 'xdpgeneric', 'off');

    // Kernels of tests rarely have act_ct: what tc prints of it, as of iproute2 6.1.
    const tc = `#!/bin/sh\n[ "$1 $6" = "filter ingress" ] || [ "$1 $5" = "filter ingress" ] || exec /sbin/tc "$@"\ncat <<'END'\n${CT}END\n`;
    writeFileSync(join(programs_.folder, 'tc'), tc, { mode: 0o755 });
    expect(reasons()).toMatchObject(refused('filter of tc on eth0, ingress'));
  });
});

describe('from a client on the link, whose address is link-local, loading', () => {
  const opened = [
    '-m state --state RELATED,ESTABLISHED -j ACCEPT',
    '-i lo -j ACCEPT',
    '-p ipv6-icmp -j ACCEPT',
    '-p tcp -m state --state NEW -m multiport --dports 80,8000:8003 -j ACCEPT',
    '-j DROP',
  ];
  let client: Host;
  let server: Host;

  beforeAll(async () => {
    client = network.host('on-link', programs.legacy.path);
    server = network.host('linked', programs.legacy.path);
    client.must('sysctl', '-qw', 'net.ipv6.conf.default.accept_dad=0');
    network.link(client, server);
    server.must('ip', 'address', 'add', 'fe80::2/64', 'dev', 'v1b', 'nodad');
    await server.serve([80]);
  });

  test.each([
    [
      'a ban of all of them',
      '-s fe80::/10 -m state --state NEW -j DROP',
      /fe80::a5 \(-A INPUT -s fe80::\/10 .*\) would reach port 80 of fe80::/,
    ],
    [
      'a ban of one',
      '-s fe80::7 -m state --state NEW -j DROP',
      /fe80::7 \(-A INPUT -s fe80::7\/128 .*\) would reach port 80 of fe80::/,
    ],
    [
      'a ban of one who is not named',
      '! -s 2000::/3 -i v1b -m state --state NEW -j DROP',
      /fe80::5eed:a5 \(on the link\) would reach port 80/,
    ],
    [
      'an address of this host that is closed',
      '-d fe80::2 -m state --state NEW -j DROP',
      / would reach port [0-9]+ of fe80::2, and does not today/,
    ],
  ])('is refused: %s', (_, ban, why) => {
    server.restore('ip6tables-restore', input(...opened.slice(0, 2), ban, ...opened.slice(2)));
    expect(filtered.rules(server, 'reasons')).toMatchObject({ code: 1, stderr: expect.stringMatching(why) });
  });

  test('changes nothing for it, and leaves it untracked, where rules accept it', () => {
    server.restore('ip6tables-restore', input(...opened.slice(0, 2), '-s fe80::/10 -j ACCEPT', ...opened.slice(2)));
    expectDone(filtered.rules(server, 'load'));
    server.must('conntrack', '-F');
    expect(client.fetch('fe80::2%v1a', 80)).toBe(3);
    expect(server.must('conntrack', '-L', '-f', 'ipv6')).toBe('');
    expectDone(filtered.rules(server, 'unload'));
  });
});

const PORTS = 'tcp dport { 80, 8000-8003 }';
const chain = (table: string, type: string, policy: string, ...rules: readonly string[]) =>
  `table inet ${table} {\nchain c {\ntype ${type}; policy ${policy}\n${rules.join('\n')}\n}\n}\n`;
const bans = chain('f2b-table', 'filter hook input priority -1', 'accept', 'ip saddr 192.0.2.1 reject');

/** Tables that only nft can read, and what of them changes with untracked packets: whatever the profile says of a filter. */
const TABLES: Readonly<Record<string, readonly [ruleset: string, why: RegExp | undefined]>> = {
  'a filter by state': [
    chain(
      'filter',
      'filter hook input priority 0',
      'drop',
      'iif lo accept',
      'ct state established,related accept',
      `${PORTS} ct state new accept`,
    ),
    /would no longer reach port 80/,
  ],
  'a filter of INVALID packets': [
    chain('firewalld', 'filter hook input priority 10', 'accept', 'ct state invalid drop'),
    /would get only the beginning of long answers from port 80/,
  ],
  'a redirection': [
    chain('nat', 'nat hook prerouting priority -100', 'accept', 'tcp dport 80 redirect to :3128'),
    /nobody reaches port 80 in a copy of this host/,
  ],
  'a filter by state before the routing decision': [
    chain(
      'guard',
      'filter hook prerouting priority 0',
      'drop',
      'iif lo accept',
      'ct state established,related accept',
      `${PORTS} ct state new accept`,
    ),
    /would no longer reach port 80/,
  ],
  'a chain on the mark of connections that answers pass': [
    chain('guard', 'filter hook postrouting priority 0', 'accept', 'goto marked').replace(
      'chain c',
      'chain marked {\nct mark 1 accept\ndrop\n}\nchain c',
    ),
    /nft table inet guard: ct mark 0x0*1 accept: asks the connection table/,
  ],
  'a chain on connection state that a map leads to': [
    chain('guard', 'filter hook input priority 0', 'accept', 'tcp dport vmap @ways').replace(
      'chain c',
      'chain web {\nct state established,new accept\ndrop\n}\n' +
        'map ways {\ntype inet_service : verdict\nelements = { 80 : jump web }\n}\nchain c',
    ),
    /would no longer reach port 80/,
  ],
  ...Object.fromEntries(
    [
      'ip ttl < 5',
      'ip6 hoplimit < 5',
      'ip length < 60',
      'ip dscp cs1',
      'tcp option maxseg size 1-500',
      'tcp window 0-1024',
      '@th,64,32 0',
      'meta length < 60',
    ].map((match): [string, readonly [string, RegExp]] => [
      `a ban of new connections by ${match}`,
      [
        chain('t', 'filter hook input priority 0', 'accept', `${match} ct state new drop`),
        /nft table inet t: .* drop: asks for a detail of packets that a copy does not vary/,
      ],
    ]),
  ),
  'a ban by the source port of new connections': [
    chain('t', 'filter hook input priority 0', 'accept', 'tcp sport 0-1023 ct state new drop'),
    /nft table inet t: tcp sport 0-1023 .*: asks for the clients' source port, which a copy does not vary/,
  ],
  'a ban by source ports that a comparison names': [
    chain('t', 'filter hook input priority 0', 'accept', 'tcp sport < 1024 drop'),
    /nft table inet t: tcp sport < 1024 drop: asks for the clients' source port, which a copy does not vary/,
  ],
  'a ban by a map of addresses': [
    chain('t', 'filter hook input priority 0', 'accept', 'ct state new ip saddr vmap @bans').replace(
      'chain c',
      'map bans {\ntype ipv4_addr : verdict\nelements = { 203.0.113.66 : drop }\n}\nchain c',
    ),
    /203\.0\.113\.66 \(in set inet t bans\) would reach port 80/,
  ],
  'a ban whose comment has words of the proof, and a tab': [
    chain(
      't',
      'filter hook input priority 0',
      'accept',
      'ct state new ip saddr 203.0.113.66 drop comment "a\tb from elsewhere, by eth0, no rule names it"',
    ),
    /203\.0\.113\.66 \(ct state new .*\) would reach port 80/,
  ],
  'a list of devices by which nobody new may come': [
    chain('guard', 'filter hook input priority 0', 'accept', 'iifname { "eth1", "wg0" } ct state new drop'),
    /\(from elsewhere, by wg0\) would reach port 80/,
  ],
  'a comment that looks like the end of a chain': [
    chain('guard', 'filter hook input priority 0', 'accept', 'counter comment "one\n\t}\ntwo"', 'ct mark 1 accept'),
    /nft table inet guard: ct mark 0x0*1 accept: asks the connection table/,
  ],
  'words in quotes that are no devices, and a comment as nft itself writes them': [
    chain(
      't',
      'filter hook input priority 0',
      'accept',
      'tcp dport 22 meta hour "08:00"-"17:00" accept',
      'ip saddr 192.0.2.1 drop comment "seen # progname x"',
    ),
    undefined,
  ],
  'a ban of addresses, and a redirection of another port': [
    bans + chain('nat', 'nat hook prerouting priority -100', 'accept', 'tcp dport 2222 redirect to :22'),
    undefined,
  ],
  'a forwarding filter': [
    bans + chain('t', 'filter hook forward priority 0', 'drop', 'ct state established accept'),
    undefined,
  ],
  'translation of what others send': [
    bans + chain('t', 'nat hook postrouting priority 100', 'accept', 'oifname "eth0" ct state new masquerade'),
    undefined,
  ],
  'refusals of segments that no client sends, and details that are written': [
    chain(
      't',
      'filter hook input priority 0',
      'accept',
      'tcp flags & (fin | syn) == fin | syn ct state new drop',
      'tcp flags syn tcp option maxseg size set 1400',
      'ip dscp set cs1',
      'tcp sport { 80, 8001 } ct state new,established accept',
    ),
    undefined,
  ],
  'a comment': [
    chain('t', 'filter hook input priority 0', 'accept', 'ip saddr 192.0.2.1 drop comment "ct state new"'),
    undefined,
  ],
};

/** Names of devices, as a rule of iptables has them, and what the copy calls them. */
const DEVICES = {
  'eth0.100': 'eth0\\.100',
  'br-1a2b3c4d5e6f': 'br-1a2b3c4d5e6f',
  'wan+': 'wan9',
  'a,b=c~d': 'a,b=c~d',
  type: 'type',
} as const;

describe.concurrent('where new connections by one device are refused, loading is refused for its clients:', () => {
  const closed = (device: string, comment: string) =>
    input(
      established,
      `-i ${device} -m state --state NEW -m comment --comment "${comment}" -j DROP`,
      '-i lo -j ACCEPT',
      opening,
      '-j DROP',
    );

  test.for(inTurn(Object.fromEntries(Object.entries(DEVICES).map(([device, copied]) => [device, [copied]]))))(
    'with iptables-%s, %s',
    async ([kind, device, [copied]], { expect }) => {
      const host = newHost(kind);
      host.restore('iptables-restore', closed(device, 'as of -i eth7 earlier'));
      const outcome = await host.runAside('sh', filtered.command('load'));
      const why = expect.stringMatching(new RegExp(`\\(from elsewhere, by ${copied}\\) would reach port 80`));
      expect(outcome).toMatchObject({ code: 1, stderr: why });
    },
  );

  test('a name that no copy can have', async ({ expect }) => {
    const host = newHost('legacy');
    host.restore('iptables-restore', closed('we!rd', 'x'));
    const outcome = await host.runAside('sh', filtered.command('load'));
    const why = expect.stringContaining('a copy of this host cannot have a device of this name: we!rd');
    expect(outcome).toMatchObject({ code: 1, stderr: why });
  });
});

describe.concurrent('beside tables that only nft can read, loading', () => {
  const cases = Object.entries(TABLES).map(
    ([title, [ruleset, why]], index) =>
      [why ? 'is refused' : 'is not refused', title, ruleset, why, index % 2 === 0 ? 'none' : 'iptables'] as const,
  );

  test.for(cases)('%s: %s', async ([, , ruleset, why, says], { expect }) => {
    const host = newHost('nft');
    host.must('nft', ruleset);
    const { code, stderr } = await host.runAside('sh', renderedFor(says).command('load'));
    expect({ code, stderr }).toEqual(why ? { code: 1, stderr: expect.stringMatching(why) } : { code: 0, stderr: '' });
    expect(host.must('nft', 'list', 'tables').includes('table ip raw')).toBe(why === undefined);
  });

  test('is not misled by a comment of iptables that looks like the name of a table', async ({ expect }) => {
    const host = newHost('nft');
    host.must('nft', TABLES['a filter by state']?.[0].replace('inet filter', 'ip guard') ?? '');
    host.must('iptables', '-A', 'FORWARD', '-m', 'comment', '--comment', 'x\n*guard\ny', '-j', 'ACCEPT');
    const outcome = await host.runAside('sh', filtered.command('load'));
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringMatching(/would no longer reach port 80/) });
  });

  test('is refused where tables of the other kind cannot be read', async ({ expect }) => {
    const host = newHost('nft');
    host.must('iptables-legacy', '-A', 'INPUT', '-s', '192.0.2.1', '-j', 'DROP');
    const only = withoutIpv6('nft').link('nft', 'nft');
    const outcome = host.run('sh', filtered.command('load'), { path: only.path });
    only.remove();
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no iptables-legacy, and') });
  });

  test('is refused where iptables of the other kind refuse what is untracked, which no rule of ours can prevent there', async ({
    expect,
  }) => {
    const host = newHost('nft');
    host.must('iptables-legacy', '-A', 'INPUT', '-p', 'tcp', '-m', 'conntrack', '--ctstate', 'UNTRACKED', '-j', 'DROP');
    const outcome = await host.runAside('sh', filtered.command('load'));
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringMatching(/would no longer reach port 80/) });
  });
});
