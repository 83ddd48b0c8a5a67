import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nettune } from '../support/cli.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { temporaryFolder } from '../support/temporary.ts';

requirePrograms({ nginx: 'nginx-light', haproxy: 'haproxy', ss: 'iproute2', sysctl: 'procps', prlimit: 'util-linux' });

/**
 * In a network namespace of its own: set the parameters, start a real server below the limit of its unit, ask the kernel
 * for its queues, stop.
 */
const SCRIPT = `
ip link set lo up
sysctl -q net.core.somaxconn=128 # as kernels before 5.4 have it
[ -z "$SYSCTL" ] || sysctl -q -p "$SYSCTL" 2>/dev/null
prlimit --nofile="$LIMIT" "$@" & server=$!
# A TERM just before nginx waits for events would be noticed at the next event only.
trap 'kill -KILL $server 2>/dev/null; wait' EXIT
# Until nothing is added any more: a server opens one after the other.
before=
for _ in $(seq 25); do
  now=$(ss -Hltn 'sport = :8080')
  [ -n "$now" ] && [ "$now" = "$before" ] && echo "$now" && break
  before=$now
  sleep 0.2
done
`;

/** A site with two servers on one port: only one directive may carry the queue. */
const site = (events: string, first: string, second = 'listen 8080;') => `
daemon off;
master_process off;
pid PID;
error_log stderr;
events { ${events} }
http { access_log off; server { ${first} return 200; } server { ${second} server_name other.invalid; return 200; } }
`;

/** As Debian's own, less what is about logs and users. */
const FRONTEND = `
defaults
    mode http
    timeout connect 5s
    timeout client 5s
    timeout server 5s
frontend web
    bind 127.0.0.1:8080
`;

function renderFor(server: 'nginx' | 'haproxy', distribution = 'debian-12') {
  const folder = temporaryFolder({
    'shop.yaml': `name: shop
extends: web-server
server: ${server}
host: { distribution: ${distribution} }
apache: null
traffic: { ports: [8080], connectionsPerSecond: 3000, concurrentConnections: 2000 }
`,
  });
  const { code, stderr } = nettune(['render', 'shop.yaml', '--fail-on', 'warning'], { cwd: folder });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const host = join(folder, 'out/shop/etc');
  const dropIn = readFileSync(join(host, `systemd/system/${server}.service.d/nettune-shop.conf`), 'utf8');
  return {
    folder,
    host,
    dropIn,
    limit: /^LimitNOFILE=(\d+)$/m.exec(dropIn)?.[1] ?? '',
    sysctl: join(host, 'sysctl.d/90-nettune-shop.conf'),
  };
}

/** The Send-Q of each listening socket. */
function readQueues(command: readonly string[], limit: string, sysctl: string): number[] {
  const { stdout } = spawnSync('unshare', ['-n', 'bash', '-c', SCRIPT, 'bash', ...command], {
    encoding: 'utf8',
    timeout: 30_000,
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin`, LIMIT: limit, SYSCTL: sysctl },
  });
  return [...stdout.matchAll(/^LISTEN\s+\d+\s+(\d+)/gm)].map(([, queue]) => Number(queue));
}

describe('a real nginx, with the lines where they belong', () => {
  function configure(directive: (line: string) => string, second?: string) {
    const { folder, host, limit, sysctl } = renderFor('nginx');
    const lines = readFileSync(join(host, 'nginx/nettune-shop.lines'), 'utf8').split('\n');
    const [events = ''] = lines.filter((line) => line.startsWith('worker_connections '));
    const listens = lines.filter((line) => line.startsWith('listen ')).map(directive);
    const config = join(folder, 'nginx.conf');
    writeFileSync(config, site(events, listens.join(' '), second).replace('PID', join(folder, 'pid')));
    return { config, limit, sysctl };
  }
  const test = (config: string) => spawnSync('nginx', ['-t', '-c', config], { encoding: 'utf8' });

  it('has the planned queue for both families', () => {
    const { config, limit, sysctl } = configure((line) => line);
    expect(test(config).status).toBe(0);
    expect(readQueues(['nginx', '-c', config], limit, sysctl)).toEqual([4096, 4096]);
  });

  it('has a shorter one without the line, or without the kernel parameter', () => {
    const { config, limit, sysctl } = configure((line) => line.replace(/ backlog=\d+/, ''));
    expect(readQueues(['nginx', '-c', config], limit, sysctl)).toEqual([511, 511]);
    const whole = configure((line) => line);
    expect(readQueues(['nginx', '-c', whole.config], whole.limit, '')).toEqual([128, 128]);
  });

  it('refuses the backlog on a second directive, as the comment says', () => {
    const { config } = configure((line) => line, 'listen 8080 backlog=4095;');
    expect(test(config)).toMatchObject({ status: 1, stderr: expect.stringContaining('duplicate listen options') });
  });
});

describe('a real HAProxy with a file of its own like that of Red Hat', () => {
  /** Its queue, by what the sections global and defaults say; '' is for our own line. */
  function queueWith(ofGlobal: string, ofDefaults: string, section?: string) {
    const { folder, host, limit, sysctl } = renderFor('haproxy', 'rhel-9');
    const lines = readFileSync(join(host, 'haproxy/nettune-shop.lines'), 'utf8').split('\n');
    const [forGlobal, forDefaults] = lines.filter((line) => /^ *maxconn /.test(line));
    const config = join(folder, 'haproxy.cfg');
    const defaults = FRONTEND.replace('mode http', `mode http\n${ofDefaults || forDefaults}`);
    writeFileSync(config, `global\n${ofGlobal || forGlobal}\n${defaults}`);
    const files = [config, ...(section ? [section] : [])].flatMap((file) => ['-f', file]);
    expect(spawnSync('haproxy', ['-c', ...files]).status).toBe(0);
    return readQueues(['haproxy', '-db', ...files], limit, sysctl);
  }

  it('has the planned queue with the lines in both places, and a shorter one without either', () => {
    expect(queueWith('', '')).toEqual([4096]);
    expect(queueWith('', 'maxconn 3000')).toEqual([3000]);
    expect(queueWith('maxconn 4000', '# nothing')).toEqual([4000]);
  });

  it('would keep it in spite of a second section, and call its configuration good', () => {
    const section = join(renderFor('haproxy').host, 'haproxy/nettune-shop.cfg');
    expect(queueWith('maxconn 4000', '# nothing', section)).toEqual([4000]);
  });
});

describe('a real HAProxy, started with our file besides its own', () => {
  it('has the planned queue, and starts below the limit of its unit', () => {
    const { folder, host, dropIn, limit, sysctl } = renderFor('haproxy');
    const ours = join(host, 'haproxy/nettune-shop.cfg');
    expect(dropIn).toContain('EXTRAOPTS=-S /run/haproxy-master.sock -f /etc/haproxy/nettune-shop.cfg"');
    const config = join(folder, 'haproxy.cfg');
    writeFileSync(config, FRONTEND);
    expect(spawnSync('haproxy', ['-c', '-f', config, '-f', ours]).status).toBe(0);
    expect(readQueues(['haproxy', '-db', '-f', config, '-f', ours], limit, sysctl)).toEqual([4096]);
    expect(readQueues(['haproxy', '-db', '-f', config, '-f', ours], limit, '')).toEqual([128]);
    // Without its section the queue hangs on the descriptors; with too few of them it does not start.
    expect(readQueues(['haproxy', '-db', '-f', config], '1024:1024', sysctl)).not.toEqual([4096]);
    expect(readQueues(['haproxy', '-db', '-f', config, '-f', ours], '1024:1024', sysctl)).toEqual([]);
  });
});
