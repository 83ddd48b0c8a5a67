// Prints docs/comparison.md: what the kernel, others and nettune choose for the same ten hosts. What can be computed is taken
// from `nettune explain --format json`; kube-proxy's rule also needs the number of processors, which no profile has.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../dist/nettune.cjs', import.meta.url));

/** Bytes of an entry with its extensions, and of a bucket, on 6.1. */
const ENTRY_BYTES = 384;
const BUCKET_BYTES = 8;

const ENTRIES = 'net.netfilter.nf_conntrack_max';

/** A host: its processors, and its profile without name, distribution and filter. */
const HOSTS = {
  'small web server': {
    cpus: 1,
    role: 'web-server',
    memory: '1GiB',
    traffic: { connectionsPerSecond: 50, concurrentConnections: 200, outbound: [] },
  },
  'web server, tracked': {
    cpus: 4,
    role: 'web-server',
    memory: '8GiB',
    traffic: { connectionsPerSecond: 2000, concurrentConnections: 1000, outbound: [] },
  },
  'web server, untracked': {
    cpus: 8,
    role: 'web-server',
    memory: '16GiB',
    traffic: {
      connectionsPerSecond: 5000,
      concurrentConnections: 2000,
      outbound: [{ to: '192.0.2.107', port: 3128, connectionsPerSecond: 250 }],
    },
    untracked: true,
  },
  'web server behind a proxy': {
    cpus: 2,
    role: 'web-server',
    memory: '4GiB',
    traffic: {
      connectionsPerSecond: 300,
      concurrentConnections: 500,
      outbound: [{ to: '192.0.2.107', port: 3128, connectionsPerSecond: 500 }],
    },
  },
  'small Squid': {
    cpus: 2,
    role: 'squid-proxy',
    memory: '2GiB',
    traffic: { connectionsPerSecond: 100, concurrentConnections: 2000 },
  },
  'large Squid': {
    cpus: 8,
    role: 'squid-proxy',
    memory: '32GiB',
    traffic: { connectionsPerSecond: 3000, concurrentConnections: 40000 },
  },
  'home gateway': {
    cpus: 2,
    role: 'nat-gateway',
    memory: '512MiB',
    traffic: { connectionsPerSecond: 20, concurrentConnections: 1500, udpDialoguesPerSecond: 20 },
  },
  'office gateway': {
    cpus: 4,
    role: 'nat-gateway',
    memory: '8GiB',
    traffic: { connectionsPerSecond: 300, concurrentConnections: 30000, udpDialoguesPerSecond: 200, neighbours: 600 },
  },
  'campus gateway': {
    cpus: 16,
    role: 'nat-gateway',
    memory: '32GiB',
    traffic: {
      connectionsPerSecond: 3000,
      concurrentConnections: 400000,
      udpDialoguesPerSecond: 3000,
      neighbours: 20000,
      busiestDestinationShare: 0.02,
    },
  },
  'carrier gateway': {
    cpus: 64,
    role: 'nat-gateway',
    memory: '256GiB',
    traffic: {
      connectionsPerSecond: 40000,
      concurrentConnections: 6000000,
      udpDialoguesPerSecond: 40000,
      busiestDestinationShare: 0.004,
    },
  },
};

/** @typedef {{ cpus: number, role: string, memory: string, traffic: object, untracked?: boolean }} Host */

/** @param {Host} host */
function explain({ role, memory, traffic, untracked = false }) {
  const profile = {
    name: 'host',
    extends: role,
    host: { distribution: 'debian-12', memory },
    traffic: {
      ...NONE,
      ...traffic,
      ...(role === 'web-server' ? { ports: [80, 443] } : {}),
      ...(role === 'squid-proxy' ? { ports: [3128] } : {}),
    },
    ...(role === 'nat-gateway' ? {} : { conntrack: { untracked: { served: untracked } } }),
  };
  const { stdout, stderr } = spawnSync(process.execPath, [PROGRAM, 'explain', '-', '--format', 'json'], {
    input: JSON.stringify(profile),
    encoding: 'utf8',
  });
  if (stderr.includes('error')) throw new Error(stderr);
  return JSON.parse(stdout).profiles[0].decisions;
}

/** Figures of the shipped profile must not count for another host. */
const NONE = { neighbours: null, udpDialoguesPerSecond: null, busiestDestinationShare: null, outbound: null };

/** @typedef {{ parameter: string, value: number, reason: string, kernelDefault: { value: number }, others: { who: string, value: number }[] }} Decision */

/** @param {string} name @param {Host} host */
function compare(name, host) {
  /** @type {Decision[]} */
  const decisions = explain(host);
  const entries = /** @type {Decision} */ (decisions.find(({ parameter }) => parameter === ENTRIES));
  const needed = Number((/ = ([\d,]+) entries/.exec(entries.reason)?.[1] ?? '0').replaceAll(',', ''));
  /** @param {string} who */
  const other = (who) => entries.others.find((each) => each.who === who)?.value ?? 0;
  const kubeProxy = Math.min(1048576, Math.max(131072, 32768 * host.cpus));
  return {
    name,
    needed,
    chosen: [
      { value: entries.kernelDefault.value, buckets: 1 },
      { value: other('the memory rule'), buckets: 1 / 8 },
      { value: kubeProxy, buckets: 1 / 4 },
      { value: other("tuned's openshift profile"), buckets: 1 },
      { value: entries.value, buckets: 1 },
    ],
  };
}

/** @param {number} count */
const spell = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** @param {{ value: number, buckets: number }} choice @param {number} needed */
function formatChoice({ value, buckets }, needed) {
  const mebibytes = Math.round((value * (ENTRY_BYTES + BUCKET_BYTES * buckets)) / 2 ** 20);
  return `${spell(value)}${value < needed ? ' **full**' : ''} (${spell(mebibytes)} MiB)`;
}

const rows = Object.entries(HOSTS).map(([name, host]) => compare(name, host));
const table = rows.map(
  ({ name, needed, chosen }, index) =>
    `| ${name} | ${Object.values(HOSTS)[index]?.memory} | ${spell(needed)} | ${chosen.map((choice) => formatChoice(choice, needed)).join(' | ')} |`,
);
const fullBy = [0, 1, 2, 3, 4].map(
  (column) => rows.filter(({ needed, chosen }) => (chosen[column]?.value ?? 0) < needed).length,
);

process.stdout.write(
  `# Compared with others

Made by \`npm run comparison\`; a test fails when it is out of date. All hosts run Debian 12 (Linux 6.1). Needed: the entries
that the host's traffic keeps, without headroom; untracked connections count as well, since a host tracks them while its rules
are not in place. In brackets: kernel memory of the full table with its buckets.

## Entries of the connection table

| host | memory | needed | kernel | memory rule | kube-proxy | tuned, openshift | nettune |
|---|---|---|---|---|---|---|---|
${table.join('\n')}
| **full on** | | | ${fullBy.map((count) => `${count} of ${rows.length}`).join(' | ')} |

- **kernel**: what nf_conntrack makes of the memory when nobody says otherwise.
- **memory rule**: memory / 16384 / (bits / 32), an eighth as many buckets.
- **kube-proxy**: 32,768 for each processor, at least 131,072 and at most 1,048,576; buckets a quarter, raised only
  (kubernetes, pkg/proxy/conntrack).
- **tuned, openshift**: 1,048,576 of both, on every machine (tuned 2.20).

## What each of them leaves unsaid

| | from what | buckets | timeouts | memory | after the module is loaded again | why |
|---|---|---|---|---|---|---|
| kernel | memory | with the entries | 5 days for established | yes: that is all it knows | its defaults again | in the source |
| memory rule | memory | an eighth: chains of 16 | – | about 1.2 % of it when full | by hand | for kernels of 2005 |
| kube-proxy | processors | a quarter, never lowered | established 24 h, CLOSE_WAIT 1 h | never looked at | until kube-proxy starts again | – |
| tuned, openshift | nothing | one for each entry | – | 392 MiB when full, also on a host with 512 MiB | verified as fine when the key is missing | – |
| nettune | traffic and timeouts, memory as the limit | as the kernel makes them, by release | by role, against keepalive and RFCs | a budget, and a problem when traffic does not fit | module option, modules-load.d and udev | above every value |

The kernel's default suffices for many hosts, and nettune leaves it there and says so. What the others have no notion of:
connections that need no entry (untracked), that a host opens itself, ports that run out before the table does, and which
of the values a given kernel will take.
`,
);
