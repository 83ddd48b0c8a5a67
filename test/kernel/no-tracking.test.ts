import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BACKENDS, backend, type Programs } from '../support/backends.ts';
import { inCi } from '../support/long.ts';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { Rendered } from '../support/rendered.ts';

requirePrograms({ ip: 'iproute2', python3: 'python3', sysctl: 'procps' });

const CONNECTIONS = 200;

/** Connects as often as that, one after the other; prints how many connections brought something. */
const LOAD = `
import socket, sys
done = 0
for _ in range(${CONNECTIONS}):
    with socket.create_connection((sys.argv[1], 80), timeout=1) as connection:
        done += connection.recv(9) != b""
print(done)
`;

/** What a host without states can have: it takes answers by their flags, and everything else by port. */
const STATELESS = `*filter
:INPUT DROP
-A INPUT -i lo -j ACCEPT
-A INPUT -p icmp -j ACCEPT
-A INPUT -s 10.203.1.66 -j DROP
-A INPUT -p tcp --dport 80 -j ACCEPT
-A INPUT -p tcp ! --syn --dport 32768:60999 -j ACCEPT
COMMIT
`;

describe.each(inCi(BACKENDS, 'legacy'))(
  'a host that tracks nothing, with a filter without states, by iptables-%s',
  (kind) => {
    const network = new Network();
    let programs: Programs;
    let rendered: Rendered;
    let web: Host;
    let other: Host;

    beforeAll(async () => {
      programs = backend(kind);
      web = network.host('web', programs.path);
      other = network.host('other');
      network.link(web, other);
      rendered = new Rendered(
        'kernel-none',
        `extends: web-server
firewall: { filter: iptables }
conntrack: { tracking: none, untracked: null, timeouts: null }
allow: [{ check: filter-without-states, because: the rules of this test match none }]
`,
      );
      web.run('sysctl', ['-e', '-p', rendered.at('etc/sysctl.d/90-nettune-kernel-none.conf')]);
      web.restore('iptables-restore', STATELESS);
      await web.serve([80]);
      await other.serve([80]);
    });

    afterAll(() => {
      network.remove();
      for (const each of [programs, rendered]) each?.remove();
    });

    const count = () => Number(web.must('cat', '/proc/sys/net/netfilter/nf_conntrack_count'));

    function load(): void {
      expect(Number(other.must('python3', '-c', LOAD, '10.203.1.1'))).toBe(CONNECTIONS);
      expect(Number(web.must('python3', '-c', LOAD, '10.203.1.2'))).toBe(CONNECTIONS);
    }

    test('is left no file that sizes, loads or untracks', () => {
      for (const path of ['etc/modprobe.d', 'etc/modules-load.d', 'etc/udev', 'etc/nettune'])
        expect(existsSync(rendered.at(path))).toBe(false);
      expect(readFileSync(rendered.at('etc/sysctl.d/90-nettune-kernel-none.conf'), 'utf8')).not.toMatch(
        /^net\.netfilter/m,
      );
    });

    test('has an empty table under load in both directions', () => {
      load();
      expect(count()).toBe(0);
    });

    test('would track all of it with one rule on a state: the test above can see that', () => {
      web.must('iptables', '-A', 'INPUT', '-m', 'conntrack', '--ctstate', 'ESTABLISHED', '-j', 'ACCEPT');
      load();
      expect(count()).toBeGreaterThanOrEqual(2 * CONNECTIONS);
    });
  },
);
