import { describe, expect, it, test } from 'vitest';
import { inCi, SHELLS } from '../support/long.ts';
import { hostOfThisMachine, onMachine, renderProfiles } from '../support/machine.ts';
import { requirePrograms } from '../support/prerequisites.ts';

requirePrograms({
  unshare: 'util-linux',
  iptables: 'iptables',
  nft: 'nftables',
  conntrack: 'conntrack',
  busybox: 'busybox-static',
  dash: 'dash',
  bash: 'bash',
  python3: 'python3',
});

/** Nobody can wait for an hour here. */
const ALLOWED = ['established-outlives-keepalive', 'established-outlives-application-idle'].map((check) => ({
  check,
  because: 'a test does not wait',
}));

/** A profile whose timeout is that of the kernel on this machine, or what a test says. */
const shop = (timeouts = '{ established: 1h }') =>
  renderProfiles({
    shop: `extends: web-server\n${hostOfThisMachine().replace('{ maximum', `{ timeouts: ${timeouts}, maximum`)}allow: ${JSON.stringify(ALLOWED)}\n`,
  });

/** Connections to these ports of this host: over IPv4 and IPv6, one that is silent and one that talks all the time. */
const CONNECTIONS = `
import select, socket, sys, threading, time
def serve(port, family, address):
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen()
    def echo(connection):
        while data := connection.recv(9): connection.send(data)
    def accept():
        while True: threading.Thread(target=echo, args=(listener.accept()[0],), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()
def open_all(kind):
    made = []
    for port in map(int, sys.argv[1:]):
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            if kind == "silent": serve(port, family, address)
            connection = socket.create_connection((address, port), timeout=2)
            connection.send(b"x")
            connection.recv(9)
            print(kind, connection.getsockname()[1], flush=True)
            made.append(connection)
    return made
silent, talking = open_all("silent"), open_all("talking")
print("open", flush=True)
while not select.select([sys.stdin], [], [], 0.2)[0]:
    for connection in talking: connection.send(b"x"); connection.recv(9)
for connection in silent + talking:
    connection.send(b"x")
    print("answered", connection.recv(9) == b"x", flush=True)
`;

/** Something has to look at states, or nothing is tracked. */
const TRACKED =
  'for each in iptables ip6tables; do $each -A OUTPUT -m conntrack --ctstate NEW -j ACCEPT; done; sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_established=600';

/** `entry PORT LEFT`, and `entries`, which prints the ports of those that are there. */
const ENTRIES = `
entry() { port=$1 left=$2; shift 2; conntrack -I \${@:--p tcp --state ESTABLISHED -u ASSURED,SEEN_REPLY} -s 192.0.2.1 -d 192.0.2.2 --sport $port --dport 8080 -t $left >/dev/null; }
entries() { echo entries: $(sed -n 's/.*src=192.0.2.1 .*sport=\\([0-9]*\\) dport=8080 .*/\\1/p' /proc/net/nf_conntrack | sort -n); }
${TRACKED}; sysctl -qw net.netfilter.nf_conntrack_udp_timeout_stream=600 net.netfilter.nf_conntrack_tcp_timeout_close_wait=600`;
const exitCodes = (output: string) => [...output.matchAll(/^exit code (\d+)$/gm)].map(([, code]) => Number(code));
const entriesIn = (output: string) => [...output.matchAll(/^entries: ?(.*)$/gm)].map(([, ports]) => ports);

describe.each(inCi(SHELLS, 'dash'))('run by %s', (shell) => {
  it('apply ends entries of silent connections, over both families, and the guard all those of untracked ones', () => {
    const output = onMachine(
      shop('{ established: 10s }'),
      [
        `${TRACKED}; mkfifo stop; python3 -c '${CONNECTIONS}' 80 8080 <stop >connections & exec 3>stop`,
        'until grep -q open connections; do sleep 0.1; done; sleep 12; apply shop --dry-run | grep overdue',
        'count() { grep -c "ESTABLISHED.* sport=$1 " /proc/net/nf_conntrack; }',
        'apply shop | grep -e overdue -e settled; until ! grep -q "ESTABLISHED.* dport=80 " /proc/net/nf_conntrack; do sleep 0.1; done',
        'while read -r kind port; do case $kind in silent | talking) echo "$kind $(count $port)" ;; esac; done <connections',
        'echo >&3; wait; cat connections; apply shop',
      ],
      shell,
    );
    expect(output).toContain('nettune shop: would end 4 overdue entries of the connection table\n');
    // The guard may have been first at the two of the port that is untracked by now.
    expect(output).toMatch(/^nettune shop: ended [2-4] overdue entries of the connection table$/m);
    expect(output.match(/^(silent|talking) [01]$/gm)).toEqual([
      ...Array(4).fill('silent 0'),
      ...Array(2).fill('talking 0'),
      ...Array(2).fill('talking 1'),
    ]);
    expect(output.match(/^answered \w+$/gm)).toEqual(Array(8).fill('answered True'));
    expect(output).toMatch(/nothing was changed\n.*everything is in effect\n/);
  });

  it('it leaves every entry alone of which it is not sure', () => {
    const output = onMachine(
      shop('{ established: 200s, udpStream: 60s, closeWait: 60s }'),
      [
        `${ENTRIES}; UDP='-p udp -u ASSURED,SEEN_REPLY'; TCP='-p tcp -u ASSURED,SEEN_REPLY --state'`,
        '# Overdue.',
        'entry 11 350; entry 12 500 $UDP; entry 13 500 $TCP CLOSE_WAIT',
        '# Idle for less; with data that was not acknowledged; perhaps set just now; set by somebody.',
        'entry 21 550; entry 22 280; entry 23 190; entry 24 700; entry 25 50 $UDP',
        '# Translated, and in a zone, where the next has its namesake.',
        'entry 31 350 $TCP ESTABLISHED -r 192.0.2.3 -q 192.0.2.1 --reply-port-src 80 --reply-port-dst 31',
        'entry 32 350 $TCP ESTABLISHED -w 7; entry 32 350',
        '# Of other timeouts.',
        'entry 41 500 -p udp; entry 42 500 $TCP SYN_RECV; entry 43 500 $TCP SYN_SENT2',
        'entries; apply shop | grep overdue; entries',
      ],
      shell,
    );
    expect(entriesIn(output)).toEqual([
      '11 12 13 21 22 23 24 25 31 32 32 41 42 43',
      '21 22 23 24 25 31 32 32 41 42 43',
    ]);
    expect(output).toContain('ended 3 overdue entries');
  });
});

/** With one entry that is overdue. */
const onShop = (...commands: readonly string[]) =>
  onMachine(shop('{ established: 200s }'), [`${ENTRIES}; entry 11 350; rm layer/apache2`, ...commands, 'entries']);

describe('apply ends none', () => {
  it.each([
    ['on a host that forwards', 'sysctl -qw net.ipv4.ip_forward=1; apply shop', 'this host forwards'],
    [
      'on one that forwards from a single interface',
      'ip link add one type veth peer name two; sysctl -qw net.ipv6.conf.one.forwarding=1; apply shop',
      'this host forwards',
    ],
    ['when it is not to', 'apply shop --end-overdue no', '--end-overdue yes alone'],
    [
      'where rules of nft give them timers of their own',
      "nft 'add table t; add ct timeout t some { protocol tcp; policy = { established : 100 }; }; add chain t c; add rule t c tcp dport 1 ct timeout set some'; apply shop",
      'timers of their own',
    ],
    [
      'where rules of iptables do',
      `mkdir bin; printf '#!/bin/sh\n/usr/sbin/ip6tables-save "$@"; [ "$*" != "-t raw" ] || echo "-A OUTPUT -j CT --timeout some"\n' >bin/ip6tables-save; chmod +x bin/*; TEST_PATH=$PWD/bin:$TEST_PATH; apply shop`,
      'timers of their own',
    ],
    [
      'without the program',
      'mount --bind /dev/null /usr/sbin/conntrack; apply shop',
      'the program conntrack is not here',
    ],
  ])('%s', (_, commands, why) => {
    const output = onShop(commands);
    expect(output).toMatch(
      new RegExp(`leaves 1 overdue entry of the connection table alone, for up to 3\\d\\d s: .*${why}`),
    );
    expect(exitCodes(output)).toEqual([0]);
    expect(entriesIn(output)).toEqual(['11']);
  });

  it('on a gateway, unless it is told to', () => {
    const gate = () =>
      renderProfiles({ gate: `extends: nat-gateway\ntraffic: { neighbours: 50 }\n${hostOfThisMachine()}` });
    const on = (command: string) =>
      onMachine(gate(), [
        `${ENTRIES}; entry 11 400000; rm layer/apache2; sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_established=432000; ${command}; entries`,
      ]);
    expect(on('apply gate')).toMatch(/leaves 1 overdue entry [\s\S]*\nentries: 11\n/);
    expect(on('apply gate --end-overdue yes')).toMatch(/ended 1 overdue entry [\s\S]*\nentries:\n/);
  });

  it('that has seen a packet since the table was read', () => {
    const output = onShop(
      `mkdir bin; printf '#!/bin/sh\n[ "$1" = -G ] && { shift; ${'$(readlink -f /usr/sbin/conntrack)'} -U "$@" -t 550; set -- -G "$@"; }\nexec /usr/sbin/conntrack "$@"\n' >bin/conntrack`,
      'chmod +x bin/conntrack; TEST_PATH=$PWD/bin:$TEST_PATH; apply shop',
    );
    expect(output).toContain('ended 0 overdue entries');
    expect(entriesIn(output)).toEqual(['11']);
  });

  it('when the time is up', () => {
    const output = onShop('sed -i s/^ending_limit=.*/ending_limit=0/ out/nettune-host; apply shop');
    expect(output).toMatch(
      /ended 0 overdue entries .*\n.*leaves 1 overdue entry of the connection table alone, for up to 3\d\d s: the table is too large to end more in 0 s\n/,
    );
    expect(entriesIn(output)).toEqual(['11']);
  });
});

describe('the table is read', () => {
  it('by the program, where the kernel does not show it', () => {
    const output = onShop('sed -i "s,/proc/net/nf_conntrack,/nonesuch," out/nettune-host; apply shop');
    expect(entriesIn(output)).toEqual(['']);
  });

  it('as kernels before IPv6 was tracked showed it', () => {
    const output = onShop(
      'sed -i "s,/proc/net/nf_conntrack,$PWD/old," out/nettune-host; sed \'s/^ipv4 *2 //\' /proc/net/nf_conntrack >old; apply shop',
    );
    expect(entriesIn(output)).toEqual(['']);
  });
});

test('a run after one that was cut short knows what the timeouts were', () => {
  const output = onShop(
    'tested_by false; : > layer/apache2',
    'cp out/nettune-host .; sed -i "s/^give_up() {/& kill -9 \\$\\$/" out/nettune-host; apply shop',
    'cp nettune-host out; tested_by true; apply shop',
  );
  expect(exitCodes(output)).toEqual([137, 0]);
  expect(output).toContain('ended 1 overdue entry');
});

test('an image has no connections', () => {
  const output = onShop(
    'mkdir -p image/etc image/var/lib; cp /etc/os-release image/etc; apply shop --root $PWD/image --end-overdue yes',
  );
  expect(output).not.toContain('overdue');
  expect(entriesIn(output)).toEqual(['11']);
});

it.each([
  'apply shop --end-overdue',
  'apply shop --end-overdue all',
  'verify shop --end-overdue yes',
  'remove shop --end-overdue no',
])('%s is wrong usage', (command) => expect(exitCodes(onMachine(shop(), [command]))).toEqual([2]));
