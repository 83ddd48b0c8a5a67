import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { hostOfThisMachine, onMachine, renderProfiles, SHELLS } from '../support/machine.ts';
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
const ENTRIES = "entries() { sed -n 's/.* ESTABLISHED .* sport=\\([0-9]*\\) dport=\\([89][0-9]*\\) src.*/\\1 \\2/p' /proc/net/nf_conntrack; }";
const entry = (port: number, left: number, more = '') =>
  `conntrack -I -p tcp -s 192.0.2.1 -d 192.0.2.2 --sport ${port} --dport 8080 --state ESTABLISHED -u SEEN_REPLY,ASSURED -t ${left} ${more} >/dev/null 2>&1`;
const exitCodes = (output: string) => [...output.matchAll(/^exit code (\d+)$/gm)].map(([, code]) => Number(code));

describe.each(SHELLS)('run by %s', (shell) => {
  it('apply.sh ends entries that were idle for longer than the new timeout, and no others', () => {
    const output = onMachine(
      shop('{ established: 3s }'),
      [
        `${TRACKED}; ${ENTRIES}; mkfifo stop`,
        `python3 -c '${CONNECTIONS}' 80 8080 <stop >connections & exec 3>stop; while ! grep -q open connections; do sleep 0.1; done; sleep 5`,
        'apply shop --dry-run | grep overdue; entries | grep -c .; apply shop; echo >&3; wait; entries; apply shop; cat connections',
      ],
      shell,
    );
    expect(output).toMatch(/would end 4 entries that are overdue\n8\n/);
    expect(output).toMatch(/ended 4 entries of the connection table that were overdue\n/);
    expect(exitCodes(output)).toEqual([0, 0]);
    console.log(output);
  });
});
