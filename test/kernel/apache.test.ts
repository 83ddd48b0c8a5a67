import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Mpm, writeApacheConfig } from '../support/apache.ts';
import { nettune } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** In a network namespace of its own: set the parameters, start a real Apache, ask the kernel for its queue, stop. */
const SCRIPT = `
ip link set lo up
[ -z "$SYSCTL" ] || sysctl -q -p "$SYSCTL" 2>/dev/null
apache2 -f "$CONFIG" -k start
for _ in 1 2 3 4 5 6 7 8 9 10; do
  ss -Hltn 'sport = :8080' | grep . && break
  sleep 0.2
done
apache2 -f "$CONFIG" -k stop
`;

/** The Send-Q of a listening socket: the longest its accept queue may become, in connections. */
function readAcceptQueue(config: string, sysctl = ''): number {
  const { stdout } = spawnSync('unshare', ['-n', 'bash', '-c', SCRIPT], {
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin`, CONFIG: config, SYSCTL: sysctl },
  });
  return Number(/^LISTEN\s+\d+\s+(\d+)/m.exec(stdout)?.[1]);
}

function renderShop(rate: number, mpm: Mpm) {
  const folder = temporaryFolder({
    'shop.yaml': `name: shop\nextends: web-server\ntraffic: { connectionsPerSecond: ${rate} }\napache: { mpm: ${mpm} }\n`,
  });
  expect(nettune(['render', join(folder, 'shop.yaml'), '-o', join(folder, 'out')]).code).toBe(0);
  const config = writeApacheConfig(folder, mpm, join(folder, 'out/shop/etc/apache2/conf-available/nettune-shop.conf'));
  const dropIn = readFileSync(join(folder, 'out/shop/etc/systemd/system/apache2.service.d/nettune-shop.conf'), 'utf8');
  return { config, sysctl: join(folder, 'out/shop/etc/sysctl.d/90-nettune-shop.conf'), dropIn };
}

describe("a real Apache's accept queue is the planned one", () => {
  it.each([
    { rate: 500, mpm: 'event' as const, backlog: 1024 },
    { rate: 5000, mpm: 'worker' as const, backlog: 8192 },
    { rate: 20000, mpm: 'prefork' as const, backlog: 32768 },
  ])('$backlog for $rate connections/s with $mpm', ({ rate, mpm, backlog }) => {
    const { config, sysctl } = renderShop(rate, mpm);
    expect(readAcceptQueue(config, sysctl)).toBe(backlog);
  });

  it('and would be cut in silence if the kernel parameter were not set first', () => {
    expect(readAcceptQueue(renderShop(20000, 'event').config)).toBe(4096);
  });
});

/** Starts Apache as Debian's unit does, below a limit of open files, and prints the limit of each of its processes. */
const LIMITS = `
ip link set lo up
prlimit --nofile="$LIMIT" apachectl start
sleep 1
for process in $(pgrep -f -- "$CONFIG"); do
  sed -n 's/^Max open files *\\([0-9]*\\) .*/\\1/p' "/proc/$process/limits"
done
apache2 -f "$CONFIG" -k stop
`;

/** The limits of all processes, each once. */
function readLimits(config: string, limit: string, environment: Record<string, string>): string[] {
  const { stdout } = spawnSync('unshare', ['-n', 'bash', '-c', LIMITS], {
    encoding: 'utf8',
    timeout: 30_000,
    env: {
      ...process.env,
      ...environment,
      PATH: `${process.env['PATH']}:/usr/sbin:/sbin`,
      APACHE_ARGUMENTS: `-f ${config}`,
      CONFIG: config,
      LIMIT: limit,
    },
  });
  return [...new Set(stdout.trim().split('\n'))];
}

describe('every process of a real Apache', () => {
  it('has the planned limit of open files', () => {
    const { config, dropIn } = renderShop(500, 'event');
    const [, limit = ''] = /^LimitNOFILE=(\d+)$/m.exec(dropIn) ?? [];
    const [, name = '', value = ''] = /^Environment="(\w+)=(.*)"$/m.exec(dropIn) ?? [];
    expect(readLimits(config, limit, { [name]: value })).toEqual(['8192']);
  });

  it("would have apachectl's own limit, whatever its unit allows, if apachectl were not told", () => {
    const { config } = renderShop(500, 'event');
    expect(readLimits(config, '16384', {})).toEqual(['8192']);
    expect(readLimits(config, '16384', { APACHE_ULIMIT_MAX_FILES: 'ulimit -n 16384' })).toEqual(['16384']);
  });
});
