// Runs every layer: installs the Debian programs that they need, checks the code, runs the tests, and closes with a line
// that counts them all. Without root or apt-get it says which layers cannot run; in CI that is a failure.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Each program that tests call, and the Debian package that brings it. */
const PROGRAMS = {
  ansible: 'ansible-core',
  'ansible-lint': 'ansible-lint',
  apache2: 'apache2',
  bash: 'bash',
  busybox: 'busybox-static',
  conntrack: 'conntrack',
  dash: 'dash',
  gawk: 'gawk',
  ip: 'iproute2',
  iptables: 'iptables',
  mawk: 'mawk',
  modprobe: 'kmod',
  nft: 'nftables',
  'original-awk': 'original-awk',
  python3: 'python3',
  'qemu-system-x86_64': 'qemu-system-x86',
  script: 'bsdutils',
  shellcheck: 'shellcheck',
  sysctl: 'procps',
  'systemd-analyze': 'systemd',
  udevadm: 'udev',
  unshare: 'util-linux',
};

/** Layers by what they need beyond Node. */
const LAYERS = {
  plain: ['unit', 'golden', 'problems', 'properties'],
  programs: ['programs'],
  root: ['kernel', 'boot'],
};

const isRoot = process.getuid?.() === 0;
const environment = {
  ...process.env,
  PATH: `${process.env['PATH']}:/usr/sbin:/sbin`,
  DEBIAN_FRONTEND: 'noninteractive',
};

/** @type {(command: string, args: string[]) => boolean} */
const run = (command, args) => spawnSync(command, args, { stdio: 'inherit', env: environment }).status === 0;

/** @type {(program: string) => boolean} */
const isInstalled = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { env: environment }).status === 0;

const listMissing = () => Object.entries(PROGRAMS).filter(([program]) => !isInstalled(program));

function installPrograms() {
  const packages = listMissing().map(([, name]) => name);
  if (packages.length === 0) return;
  console.log(`The tests need these Debian packages: ${packages.join(' ')}`);
  if (!isRoot || !isInstalled('apt-get')) return;
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
}

/** The layers that cannot run here, each with the reason. */
function listObstacles() {
  const missing = listMissing().map(([program]) => program);
  const programs = missing.length > 0 ? [`${LAYERS.programs} cannot run: ${missing.join(', ')} not installed`] : [];
  const root = isRoot
    ? []
    : [`${LAYERS.root} cannot run: they make network namespaces and machines, and need root for that`];
  return [...programs, ...root];
}

/** @type {(layers: string[]) => { passed: number, failed: number }} */
function runLayers(layers) {
  const folder = mkdtempSync(join(tmpdir(), 'nettune-report-'));
  try {
    const report = join(folder, 'report.json');
    const projects = layers.flatMap((layer) => ['--project', layer]);
    const isClean = run('npx', [
      'vitest',
      'run',
      ...projects,
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${report}`,
    ]);
    const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    // A file that cannot be loaded has no tests to fail; a test that was skipped has shown nothing.
    const failed = numFailedTests + numPendingTests || (isClean ? 0 : Math.max(1, numFailedTestSuites));
    return { passed: numPassedTests, failed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function main() {
  installPrograms();
  const obstacles = listObstacles();
  const statics = ['build', 'types', 'lint', 'unused'].map((script) => run('npm', ['run', '--silent', script]));
  const layers = [
    ...LAYERS.plain,
    ...(listMissing().length > 0 ? [] : LAYERS.programs),
    ...(isRoot && listMissing().length === 0 ? LAYERS.root : []),
  ];
  const tests = runLayers(layers);
  for (const obstacle of obstacles) console.log(`\nLAYER NOT RUN: ${obstacle}`);
  const passed = statics.filter(Boolean).length + tests.passed;
  const failed = statics.filter((isFine) => !isFine).length + tests.failed + (process.env['CI'] ? obstacles.length : 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

main();
