import { describe, expect, it } from 'vitest';
import { compileProfile } from '../support/compile-profile.ts';
import { misunderstood, OLD_IPTABLES, type OldVersion } from '../support/old-iptables.ts';

/** Programs of that age are not to be had here; what they understand is a table. The kernel layer runs the rules. */
const VERSIONS = Object.keys(OLD_IPTABLES) as OldVersion[];

function rulesFor(version: OldVersion | undefined): string[] {
  const distribution = { '1.3.5': 'centos-5', '1.4.7': 'centos-6' } as const;
  const { compiled } = compileProfile({
    name: 'shop',
    role: 'web-server',
    host: { distribution: version ? distribution[version] : 'debian-12', memory: '4GiB' },
    firewall: { filter: 'iptables' },
    traffic: {
      ports: [80, '8000-8100', ...Array.from({ length: 20 }, (_, index) => 1000 + 2 * index)],
      outbound: ['192.0.2.107', '2001:db8::7'].map((to) => ({ to, port: 3128, connectionsPerSecond: 1 })),
    },
    conntrack: { untracked: { served: true, outbound: true } },
  });
  const files = compiled.flatMap(({ artifacts }) => artifacts()).filter(({ path }) => path.endsWith('.rules'));
  return files.flatMap(({ content }) => content.split('\n').filter((line) => line.startsWith('-')));
}

/** As place.awk hands them to iptables-restore: those of one family, without its mark. */
const linesOf = (family: 4 | 6, lines: readonly string[]) =>
  lines.filter((line) => !line.startsWith(`-${10 - family} `)).map((line) => line.replace(/^-[46] /, ''));

describe.each(VERSIONS)('iptables %s', (version) => {
  it.each([4, 6] as const)('understands every rule that is written for it, IPv%s', (family) => {
    const lines = linesOf(family, rulesFor(version));
    expect(lines.length > 10).toBe(family === 4 || version !== '1.3.5'); // no kernel of that time tracks IPv6
    expect(lines.flatMap((line) => misunderstood(version, family, line))).toEqual([]);
  });

  it('does not understand those of today: the test above would see one', () => {
    const unknown = linesOf(6, rulesFor(undefined)).flatMap((line) => misunderstood(version, 6, line));
    expect([...new Set(unknown)].sort()).toEqual(expect.arrayContaining(['--notrack', 'CT', 'addrtype']));
  });
});
