// What tracking takes of a processor, and how long expired entries count, written to bench/tracking.md.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { reached } from '../test/support/load/compare-run.ts';
import { AS_ON_A_HOST } from '../test/support/load/scenarios.ts';
import { watchCount } from '../test/support/load/watch-count.ts';
import { type Host, Network } from '../test/support/namespaces.ts';
import { requirePrograms } from '../test/support/prerequisites.ts';
import { webServer } from '../test/support/rendered.ts';

requirePrograms({ ab: 'apache2-utils', nginx: 'nginx-light', taskset: 'util-linux', conntrack: 'conntrack' });

const CONNECTIONS = 10_000;
const ROUNDS = 7;
const FILLED = 200_000;

/** As most hosts have it: open connections first, then the served port, and nothing else. */
const FILTER = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -i lo -j ACCEPT
-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A INPUT -p tcp -m tcp --dport 80 -m conntrack --ctstate NEW -j ACCEPT
COMMIT
`;

/** What is done to a host before its server starts, and what to its table before each round. */
const KINDS: readonly { title: string; prepare: (host: Host) => void; empties: boolean }[] = [
  { title: 'no filter, nothing tracked', prepare: () => {}, empties: true },
  { title: 'filter by states, tracked', prepare: filterByStates, empties: true },
  { title: `the same, ${FILLED.toLocaleString('en-US')} entries in the table`, prepare: fillTable, empties: false },
  { title: 'the same filter, untracked by the rules of nettune', prepare: untrack, empties: true },
];

function filterByStates(host: Host): void {
  host.restore('iptables-restore', FILTER);
}

function fillTable(host: Host): void {
  filterByStates(host);
  const lines = Array.from({ length: FILLED }, (_, index) => {
    const [address, port] = [Math.floor(index / 50_000) + 1, 1024 + (index % 50_000)];
    return `-A -p tcp --state TIME_WAIT -t 600 -s 198.51.100.${address} -d 10.203.1.2 --sport ${port} --dport 80 -u SEEN_REPLY,ASSURED\n`;
  });
  writeFileSync(join(folder, 'entries'), lines.join(''));
  host.must('conntrack', '-R', join(folder, 'entries'));
}

function untrack(host: Host): void {
  filterByStates(host);
  const rendered = webServer('iptables', '[80]');
  const { code, stderr } = rendered.rules(host, 'load');
  rendered.remove();
  if (code !== 0) throw new Error(`the rules were not loaded: ${stderr}`);
}

/** nginx as a single process that answers and closes. */
function startServer(host: Host, name: string): number {
  const file = join(folder, `${name}.conf`);
  const serve = 'access_log off; keepalive_timeout 0; server { listen 80 backlog=4096; return 200 "ok"; }';
  const main = `master_process off; daemon off; pid ${file}.pid; error_log stderr crit;`;
  writeFileSync(file, `${main} events { worker_connections 4096; } http { ${serve} }\n`);
  return host.start('taskset', '-c', '0', 'nginx', '-c', file, '-p', folder).pid ?? 0;
}

/** Nanoseconds that a process was on a processor, with the packets that it handled meanwhile. */
function timeOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]);
}

/** Microseconds of the processor that client and server share, for one connection: opened, answered and closed. */
function measure(client: Host, server: number, address: string): number {
  const before = timeOf(server);
  const load = `TIMEFORMAT='%3U %3S'; time taskset -c 0 ab -q -n ${CONNECTIONS} -c 32 http://${address}/`;
  const { stdout, stderr } = client.run('bash', ['-c', load]);
  if (!/Failed requests:\s+0\n/.test(stdout)) throw new Error(stdout + stderr);
  const [user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return ((user + system) * 1e6 + (timeOf(server) - before) / 1e3) / CONNECTIONS;
}

async function compareKinds(): Promise<number[]> {
  const client = network.host('client');
  client.must('sysctl', '-qw', 'net.ipv4.ip_local_port_range=1024 65535');
  const hosts = KINDS.map(({ prepare, empties }, index) => {
    const host = network.host(`host-${index}`);
    network.link(client, host);
    prepare(host);
    return { host, empties, server: startServer(host, `host-${index}`), address: `10.203.${index + 1}.2` };
  });
  await sleep(1000);
  const found: number[][] = KINDS.map(() => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [index, { host, empties, server, address }] of hosts.entries()) {
      if (empties) host.must('conntrack', '-F');
      found[index]?.push(measure(client, server, address));
    }
  return found.map((each) => each.sort((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0);
}

/** A row: how long entries count after the close, with this timer. */
async function watchExpired(timeWait: number): Promise<string> {
  const profile: typeof AS_ON_A_HOST.profile = (of) => ({
    ...AS_ON_A_HOST.profile(of),
    conntrack: { timeouts: { timeWait } },
  });
  const watched = await watchCount({ ...AS_ON_A_HOST, seconds: 100, profile }, 30);
  const { perSecond, open } = reached(watched, 'served', timeWait);
  const most = Math.max(...watched.counts);
  const [byTimer, counted] = [perSecond * timeWait + open, (most - open) / perSecond];
  return `| ${timeWait} s | ${Math.round(byTimer).toLocaleString('en-US')} | ${most.toLocaleString('en-US')} | ${Math.round(counted)} s |`;
}

const folder = mkdtempSync(join(tmpdir(), 'nettune-bench-'));
const network = new Network();
try {
  const times = await compareKinds();
  const [bare = 1] = times;
  const rows = KINDS.map(({ title }, index) => `| ${title} | ${((times[index] ?? 0) / bare).toFixed(2)} × |`);
  const expired = [await watchExpired(10)];
  writeFileSync(
    new URL('tracking.md', import.meta.url),
    `# Tracked against untracked

Made by \`npm run bench:tracking\`, as root, in network namespaces, on Linux ${/^\d+\.\d+/.exec(release())?.[0]}.

## What tracking takes of a processor

nginx and ab share one processor: ${CONNECTIONS.toLocaleString('en-US')} connections that are opened, answered and closed, ${ROUNDS} rounds of each kind in turn. The
processor time of both for one connection, the median, as a ratio to a host without any rule.

| host | time |
|---|---:|
${rows.join('\n')}

Where the last row is not clearly below the second, the rules that untrack take what the table would have taken: a high rate
alone is no reason for them, and \`nettune init\` proposes them for want of memory only. Not measured: many processors that
make entries at the same time, and rules of iptables-legacy.

## How long expired entries count

A web server that tracks all, at 200 connections/s and 300 open. *By the timer* is rate × timer + open; *counted* is the most
that \`nf_conntrack_count\` showed, every other second from second 30 to 100; *stay* is how long an entry counts then.

| \`nf_conntrack_tcp_timeout_time_wait\` | by the timer | counted | stay |
|---|---:|---:|---:|
${expired.join('\n')}

Since Linux 4.9 an expired entry counts until a packet comes through its hash bucket or the collector comes, which it does once
a minute or more often. A timer below 60 s makes less room than it seems to.
Source: nf_conntrack_core.c, gc_worker().
`,
  );
} finally {
  network.remove();
  rmSync(folder, { recursive: true });
}
