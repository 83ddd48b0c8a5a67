// What a lease costs: new connections per second with rules that untrack, with and without the rule that looks at the lease,
// as ratios in one run, written to bench/lease.md. In a network namespace of its own; takes about two minutes.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, release, tmpdir } from 'node:os';
import { join } from 'node:path';

const ROUNDS = 5;
const REQUESTS = 20_000;
const CLIENTS = 50;
const NAMESPACE = `nettune-bench-${process.pid}`;

/** @type {(program: string, args: string[], input?: string) => string} */
function run(program, args, input = '') {
  const { status, stdout, stderr } = spawnSync('ip', ['netns', 'exec', NAMESPACE, program, ...args], {
    input,
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

const LEASE = '-A C -p tcp -m recent ! --rcheck --seconds 3 --name nettune-bench --mask 0.0.0.0 -j RETURN';

/** @type {(lease: string[]) => string} */
const xtables = (lease) =>
  [
    ...['*raw', ':PREROUTING ACCEPT', ':OUTPUT ACCEPT', ':C -', ...lease],
    ...['--sports', '--dports'].map((ports) => `-A C -p tcp -m multiport ${ports} 80,443 -j CT --notrack`),
    ...['-A PREROUTING -j C', '-A OUTPUT -j C', 'COMMIT', ''],
  ].join('\n');

/** @type {(lease: string) => string} */
const nft = (lease) => `
  table inet bench
  delete table inet bench
  table inet bench {
    set lease { type nf_proto; flags timeout; elements = { ipv4 timeout 10m }; }
    ${['prerouting', 'output'].map((hook) => `chain ${hook} { type filter hook ${hook} priority -300; ${lease} tcp sport { 80, 443 } notrack; tcp dport { 80, 443 } notrack; }`).join('\n')}
  }`;

/** The list is renewed as the guard does it, but far more often. */
const RENEW = 'while sleep 0.2; do echo +0.0.0.0 >/proc/net/xt_recent/nettune-bench; done 2>/dev/null';

const clearNft = () => run('nft', ['flush', 'ruleset']);
const clearLegacy = () => run('iptables-legacy-restore', [], '*raw\n:PREROUTING ACCEPT\n:OUTPUT ACCEPT\nCOMMIT\n');

const ENGINES = ['iptables-legacy', 'iptables-nft', 'nft'].map((engine) => ({
  engine,
  load: (/** @type {boolean} */ leased) => {
    clearLegacy();
    clearNft();
    if (engine === 'nft') run('nft', ['-f', '-'], nft(leased ? 'meta nfproto != @lease accept;' : ''));
    else run(`${engine}-restore`, [], xtables(leased ? [LEASE] : []));
  },
  without: /** @type {number[]} */ ([]),
  with: /** @type {number[]} */ ([]),
}));

function measure() {
  const text = run('ab', ['-q', '-n', `${REQUESTS}`, '-c', `${CLIENTS}`, 'http://127.0.0.1/']);
  return Number(/Requests per second:\s+([\d.]+)/.exec(text)?.[1]);
}

/** @type {(numbers: number[]) => number} */
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const folder = mkdtempSync(join(tmpdir(), 'nettune-bench-'));
spawnSync('ip', ['netns', 'add', NAMESPACE]);
/** @type {import('node:child_process').ChildProcess[]} */
const programs = [];
try {
  run('ip', ['link', 'set', 'lo', 'up']);
  run('sysctl', ['-qw', 'net.ipv4.ip_local_port_range=1024 65535', 'net.ipv4.tcp_tw_reuse=1']);
  const configuration = join(folder, 'nginx.conf');
  writeFileSync(
    configuration,
    `pid ${folder}/pid; error_log /dev/null; daemon off; worker_processes auto; events { worker_connections 4096; }
     http { access_log off; server { listen 80 backlog=4096; location / { return 200 abc; } } }`,
  );
  programs.push(spawn('ip', ['netns', 'exec', NAMESPACE, 'nginx', '-c', configuration]));
  programs.push(spawn('ip', ['netns', 'exec', NAMESPACE, 'sh', '-c', RENEW]));
  await new Promise((resolve) => setTimeout(resolve, 1000));
  // In turn, so that whatever else the machine does falls on all of them alike.
  for (let round = 0; round < ROUNDS; round++)
    for (const { load, ...times } of ENGINES)
      for (const leased of round % 2 === 0 ? [false, true] : [true, false]) {
        load(leased);
        await new Promise((resolve) => setTimeout(resolve, 500));
        (leased ? times.with : times.without).push(measure());
      }
  const rows = ENGINES.map(({ engine, ...rates }) => {
    const [without, leased] = [median(rates.without), median(rates.with)];
    return `| ${engine} | ${without.toFixed(0)} | ${leased.toFixed(0)} | ${(leased / without).toFixed(2)} |`;
  });
  writeFileSync(
    new URL('lease.md', import.meta.url),
    `# What the lease costs

Made by \`npm run bench:lease\`, as root, in a network namespace, on Linux ${/^\d+\.\d+/.exec(release())?.[0]}.

nginx and ab on one machine with ${availableParallelism()} processors: ${REQUESTS.toLocaleString('en-US')} connections that are opened, answered and closed, ${ROUNDS} rounds of each kind
in turn. The rules leave them untracked; *with* means that a rule before them looks at the lease. The medians of
connections per second, and with ÷ without.

| rules of | without | with | ratio |
|---|---:|---:|---:|
${rows.join('\n')}
`,
  );
} finally {
  for (const program of programs) program.kill('SIGTERM');
  spawnSync('ip', ['netns', 'delete', NAMESPACE]);
  rmSync(folder, { recursive: true, force: true });
}
