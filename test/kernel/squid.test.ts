import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nettune } from '../support/cli.ts';
import { writeSquidConfig } from '../support/squid.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A server that answers each request with the number of connections it has had so far. */
const ORIGIN = `
import http.server
class Counting(http.server.ThreadingHTTPServer):
    opened = 0
    def get_request(self):
        Counting.opened += 1
        return super().get_request()
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        body = b"%d" % Counting.opened
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_):
        pass
Counting(("127.0.0.1", 8080), Handler).serve_forever()
`;

/** Asks the proxy for each of these pages, over one connection; a path alone is one of its own pages. */
const ASK = `
import http.client, sys
connection = http.client.HTTPConnection("127.0.0.1", 3128)
for url in sys.argv[1:]:
    connection.request("GET", url)
    print(connection.getresponse().read().decode())
`;

/**
 * In a network namespace of its own: set the parameters, start a real Squid below the limit of its unit, ask the kernel for
 * its queue and Squid for its descriptors, send three requests through it, stop.
 */
const SCRIPT = `
ip link set lo up
sysctl -q net.core.somaxconn=128 # as kernels before 5.4 have it
[ -z "$SYSCTL" ] || sysctl -q -p "$SYSCTL" 2>/dev/null
python3 -c "$ORIGIN" & origin=$!
prlimit --nofile="$LIMIT" squid -N -f "$CONFIG" & squid=$!
trap 'kill $origin $squid 2>/dev/null; wait' EXIT
for _ in $(seq 50); do
  ss -Hltn 'sport = :3128' | grep . && break
  sleep 0.2
done
python3 -c "$ASK" /squid-internal-mgr/info | grep 'Maximum number of file descriptors'
python3 -c "$ASK" http://127.0.0.1:8080/1 http://127.0.0.1:8080/2 http://127.0.0.1:8080/3 | sed 's/^/origin connections /'
`;

/** What a real Squid has of a rendered profile; `traffic` in YAML. */
function run(traffic: string, { withSysctl = true } = {}) {
  const folder = temporaryFolder({
    'cache.yaml': `name: cache\nextends: squid-proxy\ntraffic: ${traffic}\n`,
  });
  expect(nettune(['render', 'cache.yaml'], { cwd: folder }).code).toBe(0);
  const host = join(folder, 'out/cache/etc');
  const dropIn = readFileSync(join(host, 'systemd/system/squid.service.d/nettune-cache.conf'), 'utf8');
  const { stdout } = spawnSync('unshare', ['-n', 'bash', '-c', SCRIPT], {
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      ...process.env,
      PATH: `${process.env['PATH']}:/usr/sbin:/sbin`,
      ORIGIN,
      ASK,
      CONFIG: writeSquidConfig(folder, join(host, 'squid/conf.d/nettune-cache.conf')),
      SYSCTL: withSysctl ? join(host, 'sysctl.d/90-nettune-cache.conf') : '',
      LIMIT: /^LimitNOFILE=(\d+)$/m.exec(dropIn)?.[1] ?? '',
    },
  });
  return {
    queue: Number(/^LISTEN\s+\d+\s+(\d+)/m.exec(stdout)?.[1]),
    descriptors: Number(/file descriptors:\s*(\d+)/.exec(stdout)?.[1]),
    originConnections: [...stdout.matchAll(/^origin connections (\d+)$/gm)].map(([, count]) => Number(count)),
  };
}

describe('a real Squid', () => {
  // Not more: a container may not be allowed to raise the limit of open files further.
  const FIGURES = '{ connectionsPerSecond: 3000, concurrentConnections: 3000 }';

  it('has the planned descriptors, and a quarter of them as its accept queue', () => {
    const { queue, descriptors } = run(FIGURES);
    expect({ queue, descriptors }).toEqual({ queue: 4096, descriptors: 16384 });
  });

  it('has its queue cut in silence where the kernel parameter is not set', () => {
    expect(run(FIGURES, { withSysctl: false }).queue).toBe(128);
  });

  it('asks for several pages over one connection to the origin server', () => {
    expect(run('{ connectionsPerSecond: 100, concurrentConnections: 1000 }').originConnections).toEqual([1, 1, 1]);
  });
});
