import { describe, expect, it } from 'vitest';
import { callNettune } from '../support/call-nettune.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** The sysctl file of `shop`, which extends `base`. */
async function sysctlOf(base: string, own: string): Promise<string> {
  const cwd = temporaryFolder({ '_base.yaml': base, 'shop.yaml': `name: shop\nextends: ./_base.yaml\n${own}` });
  const { code, stdout, stderr } = await callNettune(['render', 'shop.yaml', '--stdout', '--only', 'sysctl'], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

const BASE = `
name: never-inherited
role: web-server
summary: From the base
host: { distribution: debian-12, memory: 16GiB }
firewall: { filter: iptables }
traffic: { ports: [40000, 40001], connectionsPerSecond: 9000, concurrentConnections: 5, outbound: [] }
conntrack: { untracked: { served: true }, timeouts: { established: 2h, udp: 45 } }
sysctl:
  net.core.netdev_max_backlog: { value: 5000, because: drops in the base }
`;

describe('extends', () => {
  it('merges maps: a key of the base stays beside a key of its own', async () => {
    const text = await sysctlOf(BASE, 'conntrack: { timeouts: { established: 3h } }\n');
    expect(text).toContain('tcp_timeout_established = 10800');
    expect(text).toContain('udp_timeout = 45');
    expect(text).toContain('# From the base\n');
  });

  it('replaces lists', async () => {
    expect(await sysctlOf(BASE, '')).toContain('ip_local_reserved_ports = 40000-40001');
    expect(await sysctlOf(BASE, 'traffic: { ports: [50000] }\n')).toContain('ip_local_reserved_ports = 50000\n');
  });

  it('removes what is null, single keys and whole maps', async () => {
    expect(await sysctlOf(BASE, 'conntrack: { timeouts: { udp: null } }\n')).not.toContain('udp_timeout');
    expect(await sysctlOf(BASE, 'sysctl: null\n')).not.toContain('netdev_max_backlog');
    expect(await sysctlOf(BASE, 'sysctl: { net.core.netdev_max_backlog: }\n')).not.toContain('netdev_max_backlog');
  });

  it('never inherits the name', async () => {
    expect(await sysctlOf(BASE, '')).toContain('from profile shop.');
    const cwd = temporaryFolder({ '_base.yaml': BASE, 'shop.yaml': 'extends: ./_base.yaml\n' });
    expect((await callNettune(['validate', 'shop.yaml'], { cwd })).stdout).toContain('the key `name` is missing');
  });

  it('points at the line of the base that causes a problem, and at the line of the profile', async () => {
    const cwd = temporaryFolder({
      '_base.yaml': BASE,
      'shop.yaml': 'name: shop\nextends: ./_base.yaml\nhost: { distribution: rhel-10 }\n',
    });
    const { stdout } = await callNettune(['validate', 'shop.yaml'], { cwd });
    expect(stdout).toContain('_base.yaml:8:35: error: Red Hat Enterprise Linux 10 lacks');
    expect(stdout).toContain('and shop.yaml:3:23');
  });

  it('goes on through bases of bases, the nearest one winning', async () => {
    const cwd = temporaryFolder({
      'a/_far.yaml': BASE,
      '_near.yaml': 'extends: ./a/_far.yaml\nconntrack: { timeouts: { udp: 50 } }\n',
      'shop.yaml': 'name: shop\nextends: ./_near.yaml\n',
    });
    expect((await callNettune(['render', 'shop.yaml', '--stdout', '--only', 'sysctl'], { cwd })).stdout).toContain(
      'udp_timeout = 50',
    );
  });

  it('takes a base from beside its folder, as long as a repository holds both', async () => {
    const cwd = temporaryFolder({
      '.git/HEAD': '',
      'shared/_base.yaml': BASE,
      'web/shop.yaml': 'name: shop\nextends: ../shared/_base.yaml\n',
    });
    expect((await callNettune(['validate', 'web/shop.yaml'], { cwd })).code).toBe(0);
  });
});
