import { spawnSync } from 'node:child_process';
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
  return { config, sysctl: join(folder, 'out/shop/etc/sysctl.d/90-nettune-shop.conf') };
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
