// Runs every layer: installs the Debian programs that they need, checks the code, runs the tests, and closes with a line
// that counts them all. Without root or apt-get it says which layers cannot run; in CI that is a failure.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
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
  curl: 'curl',
  dash: 'dash',
  'dbus-daemon': 'dbus-daemon',
  firewalld: 'firewalld',
  fish: 'fish',
  gawk: 'gawk',
  git: 'git',
  haproxy: 'haproxy',
  ip: 'iproute2',
  ipset: 'ipset',
  iptables: 'iptables',
  mawk: 'mawk',
  man: 'man-db',
  mandoc: 'mandoc',
  mke2fs: 'e2fsprogs',
  mmdebstrap: 'mmdebstrap',
  modprobe: 'kmod',
  nft: 'nftables',
  nginx: 'nginx-light',
  'original-awk': 'original-awk',
  'pre-commit': 'pre-commit',
  promtool: 'prometheus',
  python3: 'python3',
  'qemu-system-x86_64': 'qemu-system-x86',
  rsync: 'rsync',
  script: 'bsdutils',
  shellcheck: 'shellcheck',
  squid: 'squid',
  ssh: 'openssh-client',
  sysctl: 'procps',
  'systemd-analyze': 'systemd',
  udevadm: 'udev',
  ufw: 'ufw',
  unshare: 'util-linux',
  vsftpd: 'vsftpd',
  zsh: 'zsh',
  xmllint: 'libxml2-utils',
};

/** What a layer needs beyond Node; one that is not named needs nothing. */
const NEEDS = {
  programs: ['programs'],
  kernel: ['programs', 'root'],
  measured: ['programs', 'root'],
  boot: ['programs', 'root'],
  machine: ['programs', 'root'],
};

/** A layer is a folder of test/ with tests in it. */
const LAYERS = readdirSync('test', { withFileTypes: true }).flatMap(({ name }) =>
  readdirSync('test', { recursive: true }).some(
    (path) => String(path).startsWith(`${name}/`) && String(path).endsWith('.test.ts'),
  )
    ? [name]
    : [],
);

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
  keepOff('firewalld', 'firewalld');
  keepOff('promtool', 'prometheus');
  run('apt-get', ['update', '-qq']);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
}

/**
 * A package would start its service, now and at every boot. Tests run the program alone, where no unit is needed.
 * @type {(program: string, service: string) => void}
 */
function keepOff(program, service) {
  const unit = `/etc/systemd/system/${service}.service`;
  if (!isInstalled(program) && !existsSync(unit)) symlinkSync('/dev/null', unit);
}

/** What is lacking here, by need. */
function listObstacles() {
  const missing = listMissing().map(([program]) => program);
  return {
    ...(missing.length > 0 ? { programs: `${missing.join(', ')} not installed` } : {}),
    ...(isRoot ? {} : { root: 'only root may make network namespaces, and unpack a kernel or a machine' }),
  };
}

/** @typedef {{ status: string }} Assertion */
/** @typedef {{ name: string, assertionResults: Assertion[] }} TestFile */

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
    const { passed, failed } = countTests(JSON.parse(readFileSync(report, 'utf8')).testResults, layers);
    return { passed, failed: failed > 0 || isClean ? failed : 1 };
  } catch (error) {
    console.log(`The tests left no report: ${error}`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A test that did not pass has failed, whether it ran, was skipped or was only planned. So has a file that shows nothing,
 * since it could not be loaded, and a layer without a passed test.
 * @type {(files: TestFile[], layers: string[]) => { passed: number, failed: number }}
 */
function countTests(files, layers) {
  const assertions = files.flatMap(({ assertionResults }) => assertionResults);
  const passed = assertions.filter(({ status }) => status === 'passed').length;
  const empty = files.filter(({ assertionResults }) => assertionResults.length === 0).length;
  const idle = layers.filter(
    (layer) =>
      !files.some(
        ({ name, assertionResults }) =>
          name.includes(`/test/${layer}/`) && assertionResults.some(({ status }) => status === 'passed'),
      ),
  );
  if (idle.length > 0) console.log(`No test passed in: ${idle.join(', ')}`);
  return { passed, failed: assertions.length - passed + empty + idle.length };
}

function main() {
  installPrograms();
  const obstacles = listObstacles();
  const statics = ['build', 'types', 'lint', 'unused'].map((script) => run('npm', ['run', '--silent', script]));
  const lacking = (/** @type {string} */ layer) =>
    (NEEDS[/** @type {keyof typeof NEEDS} */ (layer)] ?? []).filter((need) => need in obstacles);
  const tests = runLayers(LAYERS.filter((layer) => lacking(layer).length === 0));
  const left = LAYERS.filter((layer) => lacking(layer).length > 0);
  for (const layer of left)
    console.log(
      `\nLAYER NOT RUN: ${layer}: ${lacking(layer)
        .map((need) => obstacles[/** @type {keyof typeof obstacles} */ (need)])
        .join('; ')}`,
    );

  const passed = statics.filter(Boolean).length + tests.passed;
  const failed = statics.filter((isFine) => !isFine).length + tests.failed + (process.env['CI'] ? left.length : 0);
  console.log(
    `\n${passed} passed, ${failed} failed${process.env['CI'] || left.length === 0 ? '' : `, ${left.length} skipped`}`,
  );
  process.exitCode = failed > 0 ? 1 : 0;
}

main();
