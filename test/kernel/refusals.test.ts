import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { BACKENDS, backend, Programs, withoutIpv6 } from '../support/backends.ts';
import { arch, docker, redHat } from '../support/foreign-rules.ts';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { type Rendered, webServer } from '../support/rendered.ts';
import { expectDone, rulesOf } from '../support/rules.ts';

requirePrograms({
  ip: 'iproute2',
  'iptables-nft': 'iptables',
  'iptables-legacy': 'iptables',
  nft: 'nftables',
  dash: 'dash',
  bash: 'bash',
  busybox: 'busybox',
  gawk: 'gawk',
  'original-awk': 'original-awk',
});

let unfiltered: Rendered;
let filtered: Rendered;

beforeAll(() => {
  unfiltered = webServer('none');
  filtered = webServer('iptables');
});

afterAll(() => {
  for (const each of [unfiltered, filtered]) each?.remove();
});

const input = (...rules: readonly string[]) => `*filter\n${rules.map((rule) => `-A INPUT ${rule}\n`).join('')}COMMIT\n`;
const nat = (...rules: readonly string[]) => `*nat\n${rules.join('\n')}\nCOMMIT\n`;
const established = '-m state --state RELATED,ESTABLISHED -j ACCEPT';
const untracked = '-m conntrack --ctstate INVALID,UNTRACKED -j DROP';
const plain = '-p tcp -m multiport --dports 80,8000:8003 -j ACCEPT';
const output = (...rules: readonly string[]) =>
  `*filter\n:OUTPUT DROP\n${rules.map((rule) => `-A OUTPUT ${rule}\n`).join('')}COMMIT\n`;
const mangle = (...rules: readonly string[]) => `*mangle\n${rules.join('\n')}\nCOMMIT\n`;
const opening = '-p tcp -m state --state NEW -m multiport --dports 80,8000:8003 -j ACCEPT';

/** A filter that the profile does not know of: untracked, the site would be cut off. */
const UNDECLARED = {
  'rules on connection state': [redHat('above'), /INPUT matches connection state.*firewall\.filter: iptables/],
  'rules on connection state in a chain that INPUT leads to': [
    '*filter\n:RH-Firewall-1-INPUT -\n-A INPUT -j RH-Firewall-1-INPUT\n' +
      `-A RH-Firewall-1-INPUT ${established}\nCOMMIT\n`,
    /RH-Firewall-1-INPUT matches connection state/,
  ],
  'rules on connection state for what goes out': [
    `*filter\n-A OUTPUT ${established}\nCOMMIT\n`,
    /OUTPUT matches connection state/,
  ],
  'the policy DROP': ['*filter\n:OUTPUT DROP\nCOMMIT\n', /policy of OUTPUT is DROP/],
} as const;

/** Filters in which no place for accept rules is certain. */
const UNCERTAIN = {
  'states matched in a chain only': [
    `*filter\n:MINE -\n-A INPUT -j MINE\n-A MINE ${established}\nCOMMIT\n`,
    /matched in chain MINE, not in INPUT itself/,
  ],
  'chains of ufw': ['*filter\n:ufw-before-input -\n-A INPUT -j ufw-before-input\nCOMMIT\n', /ufw owns the filter/],
  'chains of firewalld': ['*filter\n:INPUT_ZONES -\n-A INPUT -j INPUT_ZONES\nCOMMIT\n', /firewalld owns the filter/],
  'a ban of new connections by their state': [
    input(established, '-s 10.203.1.66 -m state --state NEW -j DROP', opening, '-j DROP'),
    /rule 2 of INPUT refuses by state NEW.*10\.203\.1\.66/,
  ],
  'a ban by state in a chain': [
    '*filter\n:BANS -\n' +
      `-A INPUT ${established}\n-A INPUT -m state --state NEW -j BANS\n-A INPUT ${opening}\n-A INPUT -j DROP\n` +
      '-A BANS -s 10.203.1.66 -j DROP\nCOMMIT\n',
    /rule 1 of BANS refuses by state NEW/,
  ],
  'a rule that lets in whatever is not new': [
    input('-m state ! --state NEW -j ACCEPT', '-s 10.203.1.66 -j DROP', opening, '-j DROP'),
    /rule 1 of INPUT accepts whatever is not NEW/,
  ],
  'a port that is open to some only': [
    input(
      established,
      '-s 10.0.0.0/8 -p tcp -m state --state NEW -m multiport --dports 80,8000:8003 -j ACCEPT',
      '-j DROP',
    ),
    /port 80 is accepted from some only/,
  ],
  'a served range that is open in part': [
    input(established, '-p tcp -m state --state NEW -m multiport --dports 80,8000 -j ACCEPT', '-j DROP'),
    /port 8000:8003 is accepted from some only, or not at all/,
  ],
  'a refusal of an interface, below what accepts by state': [
    input(established, opening, '-i eth0 -j DROP', '-s 192.0.2.1 -j DROP'),
    /rule 3 of INPUT refuses what rules above it accept by state NEW/,
  ],
  'a ban in a chain, below what accepts by state': [
    '*filter\n:BANS -\n' +
      `-A INPUT ${established}\n-A INPUT ${opening}\n-A INPUT -j BANS\n-A INPUT ${plain}\n-A INPUT -j DROP\n` +
      '-A BANS -s 192.0.2.1 -j DROP\nCOMMIT\n',
    /rule 3 of INPUT refuses what rules above it accept by state NEW/,
  ],
  'a limit on connections, which are counted in the table': [
    input(established, '-p tcp --syn --dport 80 -m connlimit --connlimit-above 9 -j REJECT', opening, '-j DROP'),
    /rule 2 of INPUT needs the entries of the connection table/,
  ],
  'a refusal of what is untracked': [
    input(untracked, established, plain, '-j DROP'),
    /rule 1 of INPUT refuses what is untracked/,
  ],
  'a refusal of every state but those of tracked packets': [
    input('-m conntrack ! --ctstate NEW,ESTABLISHED,RELATED -j DROP', plain, '-j DROP'),
    /rule 1 of INPUT refuses what is untracked/,
  ],
  'a refusal of what is not new': [
    input(established, '-p tcp -m conntrack ! --ctstate NEW -j DROP', plain, '-j DROP'),
    /rule 2 of INPUT refuses what is untracked/,
  ],
  'a refusal of what is untracked, in a chain for it': [
    `*filter\n:BAD -\n-A INPUT ${untracked.replace('DROP', 'BAD')}\n-A INPUT ${plain}\n-A BAD -j DROP\nCOMMIT\n`,
    /rule 1 of INPUT refuses what is untracked/,
  ],
  'a refusal of answers that are untracked': [
    output(established, '-m conntrack ! --ctstate NEW,RELATED,ESTABLISHED -j DROP', '-j ACCEPT'),
    /rule 2 of OUTPUT refuses what is untracked/,
  ],
  'a port that is open by a return on state': [
    input('-m state --state RELATED,ESTABLISHED -j RETURN', opening.replace('ACCEPT', 'RETURN'), '-j DROP'),
    /rule 1 of INPUT returns by state/,
  ],
  'answers of one served port that are accepted, and not those of another': [
    output('-p tcp --sport 80 -m state --state ESTABLISHED -j ACCEPT'),
    /OUTPUT does not let open connections of port 8000:8003 through/,
  ],
  'answers that no rule accepts': [
    output('-m conntrack --ctstate INVALID -j DROP'),
    /OUTPUT does not let open connections of port 80 through/,
  ],
} as const;

/** Rules of any table after raw that take untracked packets for worse than tracked ones. */
const DEPENDENT = {
  'a refusal of untracked packets in mangle': [
    mangle('-A INPUT -p tcp -m conntrack ! --ctstate NEW,ESTABLISHED,RELATED -j DROP'),
    /rule 1 of INPUT in table mangle refuses what is untracked/,
  ],
  'a list of states in mangle': [
    mangle(
      `-A PREROUTING ${established}`,
      '-A PREROUTING -p tcp --dport 80 -m state --state NEW -j ACCEPT',
      '-A PREROUTING -j DROP',
    ),
    /rule 1 of PREROUTING in table mangle depends on connection state/,
  ],
  'a list of states in a chain of mangle that answers pass': [
    mangle(':MINE -', '-A POSTROUTING -j MINE', `-A MINE ${established}`, '-A MINE -j DROP'),
    /rule 1 of MINE in table mangle depends on connection state/,
  ],
  'a list of states in security': [
    `*security\n-A INPUT ${established}\n-A INPUT -p tcp -j DROP\nCOMMIT\n`,
    /rule 1 of INPUT in table security depends on connection state/,
  ],
  'a mark that is read from the connection': [
    mangle('-A OUTPUT -j CONNMARK --restore-mark'),
    /rule 1 of OUTPUT in table mangle needs the entries/,
  ],
  'acceptance by the mark of a connection': [
    input('-m connmark --mark 0x0/0x8 -j ACCEPT', '-j DROP'),
    /rule 1 of INPUT needs the entries/,
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
      '-p tcp --syn -m connlimit --connlimit-upto 9',
    ].map((match) => [`acceptance by ${match}`, [input(`${match} -j ACCEPT`, '-j DROP'), /INPUT needs the entries/]]),
  ),
} as const;

/** Translation of a served port. */
const TRANSLATED = {
  'a redirection': [nat('-A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 3128'), /REDIRECT/],
  'one of several ports': [nat('-A PREROUTING -p tcp -m multiport --dports 79,8002 -j REDIRECT --to-ports 1'), /8002/],
  'a published container port': [docker.replace('8080', '8001'), /DOCKER.*8001.*DNAT/],
  'a redirection of every port': [nat('-A PREROUTING -p tcp -j REDIRECT --to-ports 3128'), /REDIRECT/],
  'a transparent proxy': ['*mangle\n-A PREROUTING -p tcp --dport 80 -j TPROXY --on-port 3128\nCOMMIT\n', /TPROXY/],
} as const;

/** The same, about something else. */
const HARMLESS = {
  'a published container port that is not served': docker,
  'translation of UDP': nat('-A PREROUTING -p udp --dport 80 -j REDIRECT --to-ports 53'),
  'translation of another address, without a port': nat('-A PREROUTING -d 192.0.2.7 -p tcp -j DNAT --to 10.0.0.1'),
  'translation of what comes from a bridge': nat('-A PREROUTING -i br0 -p tcp -j REDIRECT --to-ports 1'),
  'a limit on another port by state': input('-p tcp --dport 22 -m state --state NEW -m limit --limit 3/min -j DROP'),
  'a ban below what accepts without a state': input('-p tcp --dport 80 -j ACCEPT', '-s 192.0.2.1 -j DROP'),
  'refusals in mangle that only miss what is untracked': mangle(
    '-A PREROUTING -m conntrack --ctstate INVALID -j DROP',
    '-A PREROUTING -p tcp ! --syn -m conntrack --ctstate NEW -j DROP',
    '-A POSTROUTING -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu',
  ),
  'a list of states for what is forwarded': mangle(
    `-A FORWARD ${established}`,
    '-A FORWARD -m conntrack ! --ctstate NEW -j DROP',
    '-A FORWARD -m connmark --mark 1 -j DROP',
  ),
  'a mark of connections that is only written': mangle('-A PREROUTING -j CONNMARK --set-mark 1'),
  'a comment that looks like a rule': input('-m comment --comment "-m state --state NEW -j DROP" -s 192.0.2.1 -j DROP'),
};

/** Filters on connection state in which the places are certain. */
const CERTAIN = {
  'answers accepted by port and state': output(
    '-m conntrack --ctstate INVALID -j DROP',
    '-p tcp -m multiport --sports 80,8000:8005 -m state --state ESTABLISHED -j ACCEPT',
  ),
  'answers accepted in a chain':
    '*filter\n:OUTPUT DROP\n:MINE -\n-A OUTPUT -m conntrack --ctstate INVALID -j DROP\n-A OUTPUT -j MINE\n' +
    '-A MINE -m conntrack ! --ctstate NEW,INVALID -j ACCEPT\nCOMMIT\n',
  'a refusal of what is invalid, and nothing else on states': input(
    '-m conntrack --ctstate INVALID -j DROP',
    '-p udp -m conntrack ! --ctstate NEW -j DROP',
    plain,
    '-j DROP',
  ),
} as const;

describe.each(BACKENDS)('with iptables-%s, loading', (kind) => {
  let programs: Programs;
  let network: Network;
  let host: Host;

  beforeAll(() => {
    programs = backend(kind);
    network = new Network();
    host = network.host('refusals', programs.path);
  });
  afterAll(() => {
    network.remove();
    programs.remove();
  });

  function begin(rules: string): void {
    const nothing = ['raw', 'nat', 'filter', 'mangle', 'security'].map((table) => `*${table}\nCOMMIT\n`).join('');
    host.restore('iptables-restore', `${nothing}*filter\n:INPUT ACCEPT\n:OUTPUT ACCEPT\n:FORWARD ACCEPT\nCOMMIT\n`);
    host.restore('iptables-restore', rules);
  }

  function expectRefusal(rendered: Rendered, reason: RegExp): void {
    const before = rulesOf(host);
    const { code, stderr } = rendered.rules(host, 'load');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(reason) });
    expect(stderr).toContain('nothing was changed');
    expect(rulesOf(host)).toBe(before);
  }

  test.each(Object.entries(UNDECLARED))(
    'is refused when no filter was declared, but there is: %s',
    (_, [rules, why]) => {
      begin(rules);
      expectRefusal(unfiltered, why);
    },
  );

  test.each(Object.entries(UNCERTAIN))('is refused where no place is certain: %s', (_, [rules, why]) => {
    begin(rules);
    expectRefusal(filtered, why);
  });

  test.each(Object.entries(TRANSLATED))('is refused where a served port is translated: %s', (_, [rules, why]) => {
    begin(rules);
    expectRefusal(unfiltered, why);
    expectRefusal(filtered, why);
  });

  test.each(Object.entries(DEPENDENT))('is refused for any filter: %s', (_, [rules, why]) => {
    begin(rules);
    expectRefusal(unfiltered, rules.startsWith('*filter') ? /nothing filters packets|needs the entries/ : why);
    expectRefusal(filtered, why);
  });

  test.each(Object.entries(CERTAIN))('is not refused where places are certain: %s', (_, rules) => {
    begin(rules);
    for (const task of ['load', 'status', 'unload'] as const) expectDone(filtered.rules(host, task));
  });

  test('opens nothing that a rule on state NEW accepts in vain, below a refusal of everything', () => {
    begin(input(established, '-j DROP', opening));
    filtered.rules(host, 'load');
    expect(rulesOf(host)).not.toContain('-j NT-NEW');
    filtered.rules(host, 'unload');
  });

  test('is not misled by a comment of two lines, the second of which looks like a rule', () => {
    begin(redHat('above'));
    const comment = 'x\n-A INPUT -j NT-EST-kernel-web';
    host.must('iptables', '-I', 'INPUT', '-s', '192.0.2.1', '-m', 'comment', '--comment', comment, '-j', 'DROP');
    for (const task of ['load', 'status', 'unload'] as const) expectDone(filtered.rules(host, task));
    expect(host.must('iptables-save').match(/NT-/g)).toHaveLength(1);
  });

  test('prints a rule without the control characters of its comment', () => {
    begin(input(untracked));
    host.must(
      'iptables',
      '-R',
      'INPUT',
      '1',
      ...untracked.split(' '),
      '-m',
      'comment',
      '--comment',
      'a\\c\x1b[2J\r\nä',
    );
    const { code, stderr } = filtered.rules(host, 'load');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^[\n -~]*UNTRACKED[\n -~]*\\c\?\[2J\? [\n -~]*$/),
    });
  });

  test.each(Object.entries(HARMLESS))('is not refused: %s', (_, rules) => {
    begin(rules);
    expectDone(unfiltered.rules(host, 'load'));
    expectDone(unfiltered.rules(host, 'unload'));
  });

  test('is refused, and what was loaded goes, once a filter has come that it would be refused for: tracked again, the site is up', () => {
    begin('');
    expectDone(unfiltered.rules(host, 'load'));
    host.restore('iptables-restore', redHat('above'));
    expect(unfiltered.rules(host, 'status')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/would be refused now: .*INPUT matches connection state/),
    });
    const { code, stderr } = unfiltered.rules(host, 'load');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('the served ports are tracked again'),
    });
    expect(rulesOf(host)).not.toContain('NT-');
    expect(rulesOf(host)).toContain('--state NEW');
  });

  test('from a host without IPv6 programs succeeds, and says so', () => {
    begin(redHat('above'));
    const only = withoutIpv6();
    onTestFinished(() => only.remove());
    for (const task of ['load', 'status', 'unload']) {
      const outcome = host.run('sh', [filtered.script, task], { path: only.path });
      expectDone(outcome);
      expect(outcome.stderr).toContain('IPv4 only: there is no ip6tables');
    }
  });

  test('that fails half-way leaves nothing of ours', () => {
    begin(redHat('above'));
    const before = rulesOf(host);
    const broken = new Programs(programs.path).link('ip6tables-restore', 'false');
    onTestFinished(() => broken.remove());
    const outcome = host.run('sh', [filtered.script, 'load'], { path: broken.path });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/ip6tables-restore failed on table (raw|filter)\n.*removing what is ours/);
    expect(rulesOf(host)).toBe(before);
  });

  test.each(['gawk', 'original-awk', 'busybox'])('works with the awk of %s', (awk) => {
    begin(arch);
    const before = rulesOf(host);
    const others = new Programs(programs.path).link('awk', awk);
    onTestFinished(() => others.remove());
    const run = (task: string) => host.run('sh', [filtered.script, task], { path: others.path });
    for (const task of ['load', 'status', 'unload']) expectDone(run(task));
    expect(rulesOf(host)).toBe(before);
    host.restore('iptables-restore', TRANSLATED['one of several ports'][0]);
    expect(run('load')).toMatchObject({ code: 1, stderr: expect.stringMatching(/8002/) });
  });

  test.each(['dash', 'bash', 'bash --posix', 'busybox sh'])('works in the shell %s', (shell) => {
    begin(arch);
    const before = rulesOf(host);
    const words = shell.split(' ');
    expectDone(filtered.rules(host, 'load', words));
    expectDone(filtered.rules(host, 'status', words));
    expectDone(filtered.rules(host, 'unload', words));
    expect(filtered.rules(host, 'status', words).code).toBe(1);
    expect(rulesOf(host)).toBe(before);
    expect(host.run(words[0] ?? '', [...words.slice(1), filtered.script, 'stop']).code).toBe(2);
  });
});

describe('tables that only nft can read', () => {
  const network = new Network();
  let host: Host;

  beforeAll(() => {
    host = network.host('nft');
  });
  afterAll(() => network.remove());

  const chain = (table: string, type: string, policy: string, rule: string) =>
    `table inet ${table} {\nchain c {\ntype ${type}; policy ${policy}\n${rule}\n}\n}\n`;
  const cases = {
    'a filter on connection state': [
      chain('filter', 'filter hook input priority 0', 'accept', 'ct state new drop'),
      /nft table inet filter filters/,
    ],
    'a filter with the policy drop': [
      chain('filter', 'filter hook input priority 0', 'drop', 'tcp dport 80 accept'),
      /nft table inet filter filters/,
    ],
    'the table of firewalld': [
      chain('firewalld', 'filter hook input priority 10', 'accept', 'ct state invalid drop'),
      /nft table inet firewalld filters/,
    ],
    'a redirection': [
      chain('nat', 'nat hook prerouting priority -100', 'accept', 'tcp dport 80 redirect to :3128'),
      /nft table inet nat translates/,
    ],
    'a filter with the policy drop before the routing decision': [
      chain('guard', 'filter hook prerouting priority 0', 'drop', 'tcp dport { 22, 80 } ct state new accept'),
      /nft table inet guard filters/,
    ],
    'a chain on the mark of connections that answers pass': [
      chain('guard', 'filter hook postrouting priority 0', 'accept', 'goto marked').replace(
        'chain c',
        'chain marked {\nct mark 1 accept\ndrop\n}\nchain c',
      ),
      /nft table inet guard filters/,
    ],
    'a chain on connection state that a map leads to': [
      chain('guard', 'filter hook input priority 0', 'accept', 'tcp dport vmap @ways').replace(
        'chain c',
        'chain web {\nct state established,new accept\ndrop\n}\n' +
          'map ways {\ntype inet_service : verdict\nelements = { 80 : jump web }\n}\nchain c',
      ),
      /nft table inet guard filters/,
    ],
  } as const;

  test.each(Object.entries(cases))('%s: loading is refused', (_, [ruleset, why]) => {
    host.must('nft', `flush ruleset\n${ruleset}`);
    for (const rendered of [unfiltered, filtered]) {
      const { code, stderr } = rendered.rules(host, 'load');
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(why) });
    }
    expect(host.must('nft', 'list', 'tables')).not.toContain('table ip ');
  });

  test('a table that bans addresses, and a redirection of another port: loading is not refused', () => {
    const bans = chain('f2b-table', 'filter hook input priority -1', 'accept', 'ip saddr 192.0.2.1 reject');
    const other = chain('nat', 'nat hook prerouting priority -100', 'accept', 'tcp dport 2222 redirect to :22');
    host.must('nft', `flush ruleset\n${bans}${other}`);
    expectDone(unfiltered.rules(host, 'load'));
    expectDone(unfiltered.rules(host, 'unload'));
  });

  test.each([
    ['a forwarding filter', 'filter hook forward priority 0', 'drop', 'ct state established accept'],
    ['a chain before connections are looked up', 'filter hook prerouting priority -300', 'accept', 'ct state new drop'],
    ['translation', 'nat hook postrouting priority 100', 'accept', 'ct state new masquerade'],
    ['a comment', 'filter hook input priority 0', 'accept', 'ip saddr 192.0.2.1 drop comment "ct state new"'],
  ])('connection state in %s: loading is not refused', (_, type, policy, rule) => {
    const bans = chain('t', 'filter hook input priority -1', 'accept', 'ip saddr 192.0.2.1 reject').replace(
      'c {',
      'b {',
    );
    host.must('nft', `flush ruleset\n${bans}${chain('t', type, policy, rule)}`);
    expectDone(unfiltered.rules(host, 'load'));
    expectDone(unfiltered.rules(host, 'unload'));
  });

  test('rules of the other backend: loading is refused', () => {
    host.must('nft', 'flush ruleset');
    host.must('iptables-legacy', '-A', 'INPUT', '-m', 'state', '--state', 'ESTABLISHED', '-j', 'ACCEPT');
    expect(filtered.rules(host, 'load')).toMatchObject({ code: 1, stderr: expect.stringContaining('iptables-legacy') });
  });
});
