// How much memory a worker of httpd takes while all work, by MPM and by what is served, written to bench/workers.md.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Host, Network } from '../test/support/namespaces.ts';
import { requirePrograms } from '../test/support/prerequisites.ts';

requirePrograms({
  apache2: 'apache2',
  ab: 'apache2-utils',
  setsid: 'util-linux',
  nginx: 'nginx-light',
  openssl: 'openssl',
});

const WORKERS = 150;
const REQUESTS = 20_000;
const MODULES = '/usr/lib/apache2/modules';
const MIB = 1 << 20;

const MPMS = { event: 25, worker: 25, prefork: 1 } as const;
type Mpm = keyof typeof MPMS;

/** What is asked for, and what httpd is told so that it does it. */
const KINDS: readonly { title: string; url: string; modules: readonly string[]; directives: string }[] = [
  { title: 'a file of 1 KiB', url: 'http://127.0.0.1:8080/small', modules: [], directives: '' },
  {
    title: 'a file of 1 MiB, by TLS',
    url: 'https://127.0.0.1:8080/large',
    modules: ['socache_shmcb', 'ssl'],
    directives: 'SSLEngine on\nSSLCertificateFile FOLDER/key.pem\n',
  },
  {
    title: 'a file of 1 MiB, compressed',
    url: 'http://127.0.0.1:8080/large',
    modules: ['filter', 'deflate'],
    directives: 'SetOutputFilter DEFLATE\n',
  },
  {
    title: 'an answer of 1 MiB from a server behind, by TLS',
    url: 'https://127.0.0.1:8080/large',
    modules: ['socache_shmcb', 'ssl', 'proxy', 'proxy_http'],
    directives: 'SSLEngine on\nSSLCertificateFile FOLDER/key.pem\nProxyPass / http://127.0.0.1:8081/\n',
  },
];

function configure(mpm: Mpm, { modules, directives }: (typeof KINDS)[number]): string {
  const threads = MPMS[mpm];
  const loaded = [`mpm_${mpm}`, 'authz_core', ...modules].map(
    (name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`,
  );
  const file = join(folder, 'httpd.conf');
  const limits = `ServerLimit ${WORKERS / threads}\nMaxRequestWorkers ${WORKERS}\nStartServers ${WORKERS / threads}\n`;
  const threaded = `ThreadsPerChild ${threads}\nMinSpareThreads ${WORKERS}\nMaxSpareThreads ${WORKERS}\n`;
  const processes = `MinSpareServers ${WORKERS}\nMaxSpareServers ${WORKERS}\n`;
  writeFileSync(
    file,
    `ServerRoot FOLDER\nPidFile FOLDER/pid\nErrorLog FOLDER/error.log\nServerName here\nUser www-data\nGroup www-data\n${loaded.join('\n')}
Listen 127.0.0.1:8080\nDocumentRoot FOLDER/pages\n${limits}${threads > 1 ? threaded : processes}${directives}`.replaceAll(
      'FOLDER',
      folder,
    ),
  );
  return file;
}

/** A server behind Apache, which takes next to nothing itself. */
function startBehind(host: Host): void {
  const file = join(folder, 'nginx.conf');
  const serve = `access_log off; server { listen 127.0.0.1:8081; root ${folder}/pages; }`;
  const main = `master_process off; daemon off; pid ${file}.pid; error_log stderr crit;`;
  writeFileSync(file, `${main} events { worker_connections 4096; } http { ${serve} }\n`);
  host.start('nginx', '-c', file, '-p', folder);
}

/** Memory of a process, in KiB: its own, and its part of what it shares with others (Pss of smaps_rollup). */
function memoryOf(pid: string): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]);
  } catch {
    return 0; // It ended meanwhile.
  }
}

function processesOf(config: string): string[] {
  const isOurs = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(config);
    } catch {
      return false;
    }
  };
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOurs(name));
}

/** The most that all processes of httpd took together, in KiB for each worker, while as many clients as workers asked. */
async function measure(host: Host, mpm: Mpm, kind: (typeof KINDS)[number]): Promise<number> {
  const config = configure(mpm, kind);
  // A session of its own: in the foreground, httpd ends its whole process group.
  const server = host.start('setsid', 'apache2', '-f', config, '-DFOREGROUND');
  while (host.run('ab', ['-n', '1', kind.url]).code !== 0) await sleep(100);
  const load = host.start(
    'ab',
    '-q',
    '-t',
    '20',
    '-n',
    String(REQUESTS),
    '-c',
    String(WORKERS),
    '-H',
    'Accept-Encoding: gzip',
    kind.url,
  );
  load.stdout.resume();
  let most = 0;
  while (load.exitCode === null) {
    await sleep(250);
    most = Math.max(
      most,
      processesOf(config)
        .map(memoryOf)
        .reduce((sum, each) => sum + each, 0),
    );
  }
  if (load.exitCode !== 0) throw new Error(`ab failed: ${kind.title}, ${mpm}`);
  server.kill('SIGTERM');
  while (server.exitCode === null && server.signalCode === null) await sleep(100);
  return most / WORKERS;
}

const folder = mkdtempSync(join(tmpdir(), 'nettune-bench-'));
const network = new Network();
try {
  mkdirSync(join(folder, 'pages'));
  writeFileSync(join(folder, 'pages/small'), 'x'.repeat(1024));
  writeFileSync(
    join(folder, 'pages/large'),
    Array.from({ length: MIB / 16 }, (_, index) => `${`${index}`.padStart(15)}\n`).join(''),
  );
  const host = network.host('host');
  host.must('ip', 'link', 'set', 'lo', 'up');
  const key = join(folder, 'key.pem');
  host.must(
    'openssl',
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=here',
    '-keyout',
    key,
    '-out',
    `${key}.crt`,
  );
  writeFileSync(key, readFileSync(key, 'utf8') + readFileSync(`${key}.crt`, 'utf8'));
  host.must('chmod', '-R', 'a+rX', folder);
  startBehind(host);
  const rows: string[] = [];
  for (const kind of KINDS) {
    const found: string[] = [];
    for (const mpm of Object.keys(MPMS) as Mpm[])
      found.push(`${((await measure(host, mpm, kind)) / 1024).toFixed(1)} MiB`);
    rows.push(`| ${kind.title} | ${found.join(' | ')} |`);
    console.log(rows.at(-1));
  }
  writeFileSync(
    new URL('workers.md', import.meta.url),
    `# Memory of a worker of httpd

Made by \`npm run bench:workers\`, as root, in a network namespace, with Apache 2.4 of Debian 12: ${WORKERS} workers, as many
clients, for 20 s at most. The most that all processes took together (Pss: what they share counts once), divided by the workers.

| served | ${Object.keys(MPMS).join(' | ')} |
|---|---:|---:|---:|
${rows.join('\n')}

Not measured: an interpreter in the processes (mod_php, mod_perl, mod_wsgi). There the scripts decide, and the processes of
prefork grow to what the largest script took.
`,
  );
} finally {
  network.remove();
  rmSync(folder, { recursive: true });
}
