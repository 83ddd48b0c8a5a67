import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { Rendered } from '../support/rendered.ts';

requirePrograms({ ip: 'iproute2', sysctl: 'procps' });

/** Of the whole machine, so that a namespace does not have them or may only read them; the boot layer looks at those. */
const OF_THE_MACHINE =
  /^net\.(core\.(netdev_|[rw]mem_|default_qdisc|optmem)|ipv4\.(tcp_mem|udp_mem|tcp_max_orphans|neigh\.default\.gc_)|ipv6\.neigh\.default\.gc_|netfilter\.nf_conntrack_(max|buckets|expect_max)$)/;

const ROLES = {
  'web-server': 'extends: web-server\ntraffic: { ports: [80, 40000] }\n',
  'squid-proxy': 'extends: squid-proxy\n',
  'nat-gateway': 'extends: nat-gateway\n',
};

let network: Network;

beforeAll(() => {
  network = new Network();
});
afterAll(() => network.remove());

test.each(Object.entries(ROLES))('%s: the kernel holds every value that a namespace can hold', (role, profile) => {
  const rendered = new Rendered('kernel-sysctl', profile);
  const file = rendered.at('etc/sysctl.d/90-nettune-kernel-sysctl.conf');
  const entries = readEntries(file);
  rendered.remove();
  expect(entries.length).toBeGreaterThan(5);
  const own = entries.filter(({ name }) => !OF_THE_MACHINE.test(name));
  const host = network.host(role);

  const applied = host.run('sysctl', ['-p', '-'], { input: own.map(({ line }) => `${line}\n`).join('') });
  expect(applied).toMatchObject({ code: 0, stderr: '' });
  expect(own.map(({ name }) => ({ name, value: read(host, name) }))).toEqual(
    own.map(({ name, value }) => ({ name, value })),
  );
});

/** Whoever adds a parameter that the pattern above takes for the machine's is told here that it is not. */
test('what is left to the boot layer cannot be set in a namespace', () => {
  const host = network.host('machine');
  const rendered = Object.values(ROLES).map((profile) => new Rendered('kernel-sysctl', profile));
  const names = rendered.flatMap((each) => readEntries(each.at('etc/sysctl.d/90-nettune-kernel-sysctl.conf')));
  for (const each of rendered) each.remove();
  const machine = [...new Set(names.map(({ name }) => name))].filter((name) => OF_THE_MACHINE.test(name));
  expect(machine).toContain('net.netfilter.nf_conntrack_max');
  const writable = machine.filter(
    (name) => host.run('test', ['-w', proc(name)]).code === 0 && mode(host, name) !== '444',
  );
  expect(writable).toEqual([]);
});

function readEntries(file: string) {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [, name, value] = /^(\S+) = (.*)$/.exec(line) ?? [];
    // Anything else would be set on the machine that runs the test.
    if (name && !name.startsWith('net.')) throw new Error(`${name} does not belong to a namespace`);
    return name && value !== undefined ? [{ line, name, value }] : [];
  });
}

/** The kernel separates numbers that belong together by tabs. */
function read(host: Host, name: string): string {
  return host.must('sysctl', '-n', name).trim().split(/\s+/).join(' ');
}

function proc(name: string): string {
  return `/proc/sys/${name.replaceAll('.', '/')}`;
}

function mode(host: Host, name: string): string {
  return host.must('stat', '-c', '%a', proc(name)).trim();
}
