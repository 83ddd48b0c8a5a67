import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { type Rendered, webServer } from '../support/rendered.ts';
import { expectDone } from '../support/rules.ts';

requirePrograms({ ip: 'iproute2', iptables: 'iptables', sysctl: 'procps' });

const PORT = 80;
const BYTES = 200_000;

/** What is longer does not pass from the router to the client; IPv6 demands that 1,280 does. */
const NARROW_MTU = 1300;

let network: Network;
let client: Host;
let server: Host;
let rendered: Rendered;

/** client ── narrow ── router ── wide ── server; the server's filter drops INVALID before it accepts any ICMP. */
beforeAll(async () => {
  network = new Network();
  rendered = webServer('iptables');
  client = network.host('client');
  const router = network.host('router');
  server = network.host('server');
  network.link(client, router);
  network.link(router, server);
  router.must('ip', 'link', 'set', 'v1b', 'mtu', String(NARROW_MTU));
  router.must('sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1');
  for (const [host, via, via6] of [
    [client, '10.203.1.2', 'fd00:203:1::2'],
    [server, '10.203.2.1', 'fd00:203:2::1'],
  ] as const) {
    host.must('ip', 'route', 'add', 'default', 'via', via);
    host.must('ip', '-6', 'route', 'add', 'default', 'via', via6);
  }
  server.restore('iptables-restore', filterOf('icmp'));
  server.restore('ip6tables-restore', filterOf('icmpv6'));
  await server.serve([PORT], BYTES);
});

afterAll(() => {
  network.remove();
  rendered?.remove();
});

const filterOf = (icmp: string) => `*filter
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -m conntrack --ctstate INVALID -j DROP
-A INPUT -p ${icmp} -j ACCEPT
-A INPUT -p tcp -m conntrack --ctstate NEW -m multiport --dports 80,8000:8003 -j ACCEPT
-A INPUT -j REJECT
COMMIT
`;

test.each([
  ['iptables', '10.203.2.2', 'icmp'],
  ['ip6tables', 'fd00:203:2::2', 'icmpv6'],
] as const)(
  '%s: a long answer gets through a narrow path, because ICMP errors are accepted',
  (program, address, icmp) => {
    expectDone(rendered.rules(server, 'load'));
    const accepts = server.must(program, '-S', 'NT-ERR-kernel-web').split('\n');
    const aboutErrors = accepts.filter((line) => line.includes('INVALID'));
    expect(aboutErrors).toHaveLength(icmp === 'icmp' ? 3 : 4);

    // Without those rules it hangs, and what was dropped was INVALID: this test can fail.
    for (const line of aboutErrors) server.must(program, ...line.replace('-A', '-D').split(' '));
    expect(client.fetch(address, PORT, 1)).toBe('timeout');
    expect(server.must(program, '-v', '-S', 'INPUT')).toMatch(/INVALID -c [1-9]\d* \d+ -j DROP/);

    expectDone(rendered.rules(server, 'load'));
    expect(client.fetch(address, PORT, 3)).toBe(BYTES);
  },
);
