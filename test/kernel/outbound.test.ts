import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BACKENDS, backend, type Programs } from '../support/backends.ts';
import { arch, BANNED, docker, redHat } from '../support/foreign-rules.ts';
import { inCi } from '../support/long.ts';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { Rendered } from '../support/rendered.ts';
import { connectionsOf, expectDone, foreignRulesOf, rulesOf } from '../support/rules.ts';
import { writeSquidConfig } from '../support/squid.ts';
import { temporaryFolderFor } from '../support/temporary.ts';

requirePrograms({ ip: 'iproute2', ss: 'iproute2', conntrack: 'conntrack', squid: 'squid', python3: 'python3' });

const PROXY = '10.203.1.2';
const PROXY_V6 = 'fd00:203:1::2';
const PORT = 3128;
const REQUESTS = 300;

/**
 * Fetches a page through the proxy many times, over a connection each, from one port after another: a port that is taken
 * twice has its entry taken over. Prints how many came back.
 */
const FETCH = `
import socket, sys
proxy, count, first, done = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), 0
for port in range(first, first + count):
    try:
        with socket.create_connection((proxy, ${PORT}), timeout=3, source_address=("", port)) as connection:
            connection.sendall(b"GET http://${PROXY}:8080/ HTTP/1.0\\r\\n\\r\\n")
            done += connection.recv(12) == b"HTTP/1.1 200"
    except OSError:
        break
print(done)
`;

/** Sends one TCP segment with these flags from an address and port of its own, and prints the flags of the answer. */
const SEND = `
import select, socket, struct, sys
source, source_port, target, port, flags = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
tcp = struct.pack("!HHIIBBHHH", source_port, port, 1, 1, 5 << 4, flags, 1024, 0, 0)
whole = socket.inet_aton(source) + socket.inet_aton(target) + struct.pack("!BBH", 0, 6, len(tcp)) + tcp
total = sum(struct.unpack("!%dH" % (len(whole) // 2), whole))
total = (total & 0xFFFF) + (total >> 16)
total = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
wire = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
wire.bind((source, 0))
wire.sendto(tcp[:16] + struct.pack("!H", total) + tcp[18:], (target, 0))
while select.select([wire], [], [], 0.3)[0]:
    packet = wire.recv(200)
    segment = packet[(packet[0] & 15) * 4:]
    if struct.unpack("!HH", segment[:4]) == (port, source_port):
        print(segment[13])
        break
else:
    print("nothing")
`;

const FLAGS = { ACK: 16, SYN: 2, 'SYN and FIN': 3, FIN: 1 };
const RESET = '4';

const PROFILE = `
extends: web-server
firewall: { filter: iptables }
traffic:
  ports: [80]
  outbound:
    - { to: ${PROXY}, port: ${PORT}, connectionsPerSecond: 250 }
    - { to: "${PROXY_V6}", port: ${PORT}, connectionsPerSecond: 250 }
    - { to: ${BANNED}, port: ${PORT}, connectionsPerSecond: 250 }
conntrack: { untracked: { served: false, outbound: true } }
`;

/** Incident 001 from the client's side: a web host that asks its Squid, and whose table that filled. */
describe.each(inCi(BACKENDS, 'nft'))('with iptables-%s', (kind) => {
  const network = new Network();
  const folder = temporaryFolderFor(afterAll);
  let programs: Programs;
  let web: Host;
  let proxy: Host;
  let stranger: Host;
  let rendered: Rendered;

  beforeAll(async () => {
    programs = backend(kind);
    web = network.host('web', programs.path);
    proxy = network.host('proxy');
    stranger = network.host('stranger');
    network.link(web, proxy);
    network.link(web, stranger);
    proxy.must('ip', 'address', 'add', `${BANNED}/32`, 'dev', 'v1b');
    rendered = new Rendered('kernel-out', PROFILE);
    await web.serve([81, 40000]);
    await startSquid();
  });

  afterAll(() => {
    network.remove();
    for (const each of [programs, rendered]) each?.remove();
  });

  async function startSquid(): Promise<void> {
    writeFileSync(join(folder, 'index.html'), 'page');
    writeFileSync(join(folder, 'empty.conf'), '');
    const config = writeSquidConfig(folder, join(folder, 'empty.conf'), `${PORT}`);
    chmodSync(folder, 0o755);
    // Nobody reads what it would print for each request.
    proxy.start('sh', '-c', `exec python3 -m http.server --directory ${folder} 8080 >/dev/null 2>&1`);
    proxy.start('squid', '-N', '-f', config);
    while (
      proxy
        .must('ss', '-Hltn')
        .split('\n')
        .filter((line) => /:(3128|8080) /.test(line)).length < 2
    )
      await setTimeout(100);
  }

  function begin(rules: string, rulesV6 = ''): void {
    const nothing = ['raw', 'nat', 'filter'].map((table) => `*${table}\nCOMMIT\n`).join('');
    const accepting = '*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\nCOMMIT\n';
    for (const program of ['iptables-restore', 'ip6tables-restore'] as const) web.restore(program, nothing + accepting);
    web.restore('iptables-restore', rules);
    web.restore('ip6tables-restore', rulesV6);
    web.run('conntrack', ['-F']);
  }

  let port = 33_000; // in the range that connections start from
  const ask = (address: string, count = REQUESTS) => {
    port += count;
    return Number(web.must('python3', '-c', FETCH, address, `${count}`, `${port - count}`));
  };
  const entries = () =>
    ['ipv4', 'ipv6'].flatMap((family) =>
      web
        .must('conntrack', '-L', '-f', family)
        .split('\n')
        .filter((line) => line.includes(`dport=${PORT} `)),
    );
  const send = (from: Host, address: string, port: number, to: string, toPort: number, flags: keyof typeof FLAGS) =>
    from.must('python3', '-c', SEND, address, `${port}`, to, `${toPort}`, `${FLAGS[flags]}`).trim();

  const V6 =
    '*filter\n-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -p icmpv6 -j ACCEPT\n-A INPUT -j DROP\nCOMMIT\n';

  test.each([PROXY, PROXY_V6])('every request through Squid at %s leaves an entry; untracked, none does', (address) => {
    begin(redHat('above'), V6);
    const before = rulesOf(web);
    expect(ask(address)).toBe(REQUESTS);
    expect(entries().length).toBeGreaterThanOrEqual(REQUESTS);
    web.must('conntrack', '-F');
    expectDone(rendered.rules(web, 'load'));
    expectDone(rendered.rules(web, 'status'));
    expect(foreignRulesOf(web)).toBe(before);
    expect(ask(address)).toBe(REQUESTS);
    expect(entries()).toEqual([]);
    expectDone(rendered.rules(web, 'unload'));
    expect(rulesOf(web)).toBe(before);
  });

  test('without accept rules nothing would come back: the filter knows untracked packets by no state', () => {
    begin(redHat('above'));
    const rules = web.must('cat', rendered.at('etc/nettune/kernel-out/raw.rules'));
    const jumps = '-I PREROUTING -j NT-PRE-kernel-out\n-I OUTPUT -j NT-OUT-kernel-out\nCOMMIT';
    expectDone(web.run('iptables-restore', ['--noflush'], { input: rules.replace('COMMIT', jumps) }));
    rendered.hold(web);
    expect(ask(PROXY, 1)).toBe(0);
    expectDone(rendered.rules(web, 'unload'));
    expect(ask(PROXY, 1)).toBe(1);
  });

  test('a refused address stays refused', () => {
    begin(redHat('above'));
    expect(ask(BANNED, 1)).toBe(0);
    expectDone(rendered.rules(web, 'load'));
    expect(ask(BANNED, 1)).toBe(0);
    begin('');
    expect(ask(BANNED, 1)).toBe(1);
  });

  test('nobody but the proxy, from its port, is taken to answer; and it opens nothing', () => {
    begin(redHat('above'));
    expectDone(rendered.rules(web, 'load'));
    const local = 50_000;
    // What is left to somebody at the proxy's address and port: a closed port answers with a reset.
    expect(send(proxy, PROXY, PORT, '10.203.1.1', local, 'ACK')).toBe(RESET);
    const dropped = [
      send(proxy, PROXY, PORT + 1, '10.203.1.1', local, 'ACK'),
      send(proxy, BANNED, PORT, '10.203.1.1', local, 'ACK'),
      send(stranger, '10.203.2.2', PORT, '10.203.2.1', local, 'ACK'),
      send(proxy, PROXY, PORT, '10.203.1.1', 9, 'ACK'),
      send(proxy, PROXY, PORT, '10.203.1.1', 9, 'FIN'),
      send(proxy, PROXY, PORT, '10.203.1.1', 40_000, 'SYN'),
      send(proxy, PROXY, PORT, '10.203.1.1', 40_000, 'SYN and FIN'),
    ];
    expect(dropped).toEqual(dropped.map(() => 'nothing'));
    // The same is seen where nothing filters: these packets do arrive.
    begin('');
    expect(send(proxy, BANNED, PORT, '10.203.1.1', local, 'ACK')).toBe(RESET);
    expect(send(stranger, '10.203.2.2', PORT, '10.203.2.1', local, 'ACK')).toBe(RESET);
    expect(send(proxy, PROXY, PORT, '10.203.1.1', 40_000, 'SYN')).not.toBe('nothing');
  });

  test('a connection that the proxy opens from its own port is tracked as ever', () => {
    begin(redHat('above'));
    expectDone(rendered.rules(web, 'load'));
    expect(send(proxy, PROXY, PORT, '10.203.1.1', 81, 'SYN')).not.toBe('nothing');
    expect(connectionsOf(web)).toEqual([expect.stringContaining('dport=81 ')]);
  });

  test('a filter that lets out what it names, without a state, lets it out untracked', () => {
    begin(arch);
    expect(ask(PROXY, 1)).toBe(0);
    expectDone(rendered.rules(web, 'load'));
    expect(ask(PROXY, 1)).toBe(0);
    begin(arch.replace('COMMIT', `-A OUTPUT -d ${PROXY} -p tcp --dport ${PORT} -j ACCEPT\nCOMMIT`));
    expectDone(rendered.rules(web, 'load'));
    expect(ask(PROXY, 10)).toBe(10);
    expect(entries()).toEqual([]);
  });

  const established = '-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT';
  const filter = (...lines: readonly string[]) => `*filter\n${[...lines, established].join('\n')}\nCOMMIT\n`;
  const nat = (line: string) => `*nat\n${line}\nCOMMIT\n`;

  test.each([
    [
      'translation to another address of this host',
      nat(`-A POSTROUTING -d ${PROXY} -j SNAT --to-source 10.203.2.1`),
      /port 3128 would see connections from 10\.203\.1\.1, and today does not: your rules translate them/,
    ],
    [
      'letting out by state NEW',
      filter(':OUTPUT DROP', '-A OUTPUT -m state --state NEW,ESTABLISHED -j ACCEPT'),
      /this host would no longer reach port 3128 of 10\.203\.1\.2/,
    ],
    [
      'keeping a user in by state NEW',
      filter('-A OUTPUT -m owner --uid-owner 33 -m state --state NEW -j REJECT'),
      /-A OUTPUT -m owner --uid-owner 33 .*: asks which program sends, and a copy has others/,
    ],
  ])('loading is refused: %s', (_, rules, why) => {
    begin(rules);
    const before = rulesOf(web);
    const { code, stderr } = rendered.rules(web, 'load');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(why) });
    expect(rulesOf(web)).toBe(before);
  });

  test.each([
    ['Docker, which masquerades others', docker],
    [
      'letting out by state NEW, and everything else too',
      filter('-A OUTPUT -m state --state NEW,ESTABLISHED -j ACCEPT'),
    ],
    ['translation of another port', nat('-A POSTROUTING -p tcp --dport 443 -j MASQUERADE')],
    ['translation of another address', nat('-A OUTPUT -d 192.0.2.9/32 -p tcp -j DNAT --to 192.0.2.8')],
    ['a port that is kept in by state', filter('-A OUTPUT -p tcp --dport 25 -m state --state NEW -j REJECT')],
    [
      'states behind a rule without',
      filter(`-A OUTPUT -p tcp --dport ${PORT} -j ACCEPT`, '-A OUTPUT -m state --state NEW -j REJECT'),
    ],
    [
      'answers accepted from the addresses',
      [
        '*filter',
        ...[PROXY, BANNED].map(
          (each) => `-A INPUT -s ${each}/32 -p tcp --sport 3128 -m state --state ESTABLISHED -j ACCEPT`,
        ),
        '-A INPUT -j DROP\nCOMMIT\n',
      ].join('\n'),
    ],
  ])('loading is not refused: %s', (_, rules) => {
    begin(rules);
    for (const task of ['load', 'status', 'unload'] as const) expectDone(rendered.rules(web, task));
  });

  test('IPv4 stays tracked where no server is reached that way, and loading says so', () => {
    begin(nat('-A OUTPUT -p tcp --dport 3128 -j REDIRECT --to-ports 1'));
    const outcome = rendered.rules(web, 'load');
    expectDone(outcome);
    expect(outcome.stderr).toContain('IPv4: this host reaches no server of `traffic.outbound` in a copy of this host');
    expect(web.must('iptables-save')).not.toContain('NT-');
    expect(web.must('ip6tables-save')).toContain('-j NT-OUT-kernel-out');
  });
});

describe('tables that only nft can read', () => {
  const network = new Network();
  let host: Host;
  let rendered: Rendered;

  beforeAll(() => {
    host = network.host('nft');
    rendered = new Rendered('kernel-out', PROFILE);
  });
  afterAll(() => {
    network.remove();
    rendered?.remove();
  });

  const chain = (type: string, rule: string) => `table ip own {\nchain c {\ntype ${type}\n${rule}\n}\n}\n`;
  const output = (rule: string) => chain('filter hook output priority 0', rule);

  test.each([
    ['a limit of these connections is refused', output('tcp dport 3128 ct state new limit rate over 3/second drop'), 1],
    ['a limit of others is not', output('tcp dport 443 ct state new limit rate over 3/second drop'), 0],
    [
      'masquerading is not: these connections keep their address',
      chain('nat hook postrouting priority 100', 'masquerade'),
      0,
    ],
  ])('%s', (_, ruleset, code) => {
    host.must('nft', `flush ruleset\n${ruleset}`);
    expect(rendered.rules(host, 'load').code).toBe(code);
  });
});
