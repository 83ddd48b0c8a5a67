import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it, test } from 'vitest';
import { ansibleFamily } from '../../src/deploy/ansible-family.ts';
import { DISTRIBUTIONS } from '../../src/distributions/distributions.ts';
import { arbitraryProfile, hostileText } from '../support/arbitrary-profile.ts';
import { CHECKOUT } from '../support/cli.ts';
import { compileProfile } from '../support/compile-profile.ts';
import { listBlocks } from '../support/play-page.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { Rendered } from '../support/rendered.ts';
import { temporaryFolder } from '../support/temporary.ts';

requirePrograms({
  shellcheck: 'shellcheck',
  dash: 'dash',
  bash: 'bash',
  mawk: 'mawk',
  gawk: 'gawk',
  'original-awk': 'original-awk',
  busybox: 'busybox-static',
  promtool: 'prometheus',
  'systemd-analyze': 'systemd',
});

const FOLDER = join(CHECKOUT, 'templates/host');

/** The parts that the host program is made of, by their names. */
const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' });
const PARTS = new Map(
  FILES.filter((path) => path.endsWith('.sh')).map((path) => [
    basename(path, '.sh'),
    readFileSync(join(FOLDER, path), 'utf8'),
  ]),
);
const AWK = FILES.filter((path) => path.endsWith('.awk')).map((path) => join(FOLDER, path));

const { program } = (() => {
  const rendered = new Rendered('shop', 'extends: web-server\nsummary: front ends\n');
  afterAll(() => rendered.remove());
  return rendered;
})();

function run([name = '', ...args]: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(name, args, { input, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

it.each(['sh', 'dash', 'bash'])('has no fault that shellcheck sees for %s', (shell) => {
  // A function that another part calls, or a variable that it reads, looks unused.
  const check = (text: string) => run(['shellcheck', '--shell', shell, '--exclude', 'SC2317,SC2034', '-'], text);
  const text = readFileSync(program, 'utf8');
  expect(check(text)).toEqual({ status: 0, output: '' });
  expect(check(text.replace('-z "$text"', '-z $text')).status).toBe(1);
});

/** What the commands on plans share, and not what loads, guards and proves packet rules. */
const SHARED = FILES.filter((path) => path.startsWith('parts/') && path.endsWith('.sh')).map((path) =>
  basename(path, '.sh'),
);

const usedBy = (text: string): string[] =>
  [...text.matchAll(/^use ((?:[^\n]|\\\n)*?)(?<!\\)$/gm)].flatMap(([, names = '']) =>
    names.replaceAll('\\', ' ').trim().split(/\s+/),
  );

describe.each(['apply', 'verify', 'status', 'remove'])('%s', (command) => {
  const text = PARTS.get(command) ?? '';
  const definedIn = (part: string) => [...part.matchAll(/^(\w+)\(\) [{(]/gm)].map(([, name = '']) => name);

  it('uses every part that it needs', () => {
    const texts = [text, ...usedBy(text).map((name) => PARTS.get(name) ?? '')];
    const defined = texts.flatMap(definedIn);
    const shared = SHARED.flatMap((name) => definedIn(PARTS.get(name) ?? ''));
    // Words of options are no calls.
    const code = texts.join('\n').replace(/^\s*#.*$|use_choice '[^']*'/gm, '');
    const called = shared.filter((name) => new RegExp(`(^|[^\\w/.])${name}(?!\\w|\\(\\))`, 'm').test(code));
    expect(called.length).toBeGreaterThan(20);
    expect(called.filter((name) => !defined.includes(name))).toEqual([]);
  });
});

describe.each([['dash'], ['bash', '--posix'], ['busybox', 'sh']])('%s %s', (...shell) => {
  const words = shell.filter(Boolean);
  it('reads the program', () => {
    expect(run([...words, '-n', program])).toEqual({ status: 0, output: '' });
  });

  test.each(['apply', 'verify', 'status', 'remove', 'rules'])('%s says what it does, to anybody', (command) => {
    const { status, output } = run([...words, program, command, '--help']);
    expect(output).toMatch(/^(Puts the plan|Reads back|Says in|Takes away|Loads, removes) /);
    expect(output).toMatch(new RegExp(`\nUsage: nettune-host ${command} `));
    expect(output).toMatch(/\nExit code: 0 /);
    expect(output).not.toContain('set -');
    expect(status).toBe(0);
    const wrong = run([...words, program, command, '--helpless']);
    expect(wrong.output).toMatch(new RegExp(`^usage: nettune-host ${command} `));
    expect(wrong.status).toBe(2);
  });

  it('says when it is cut off', () => {
    const text = readFileSync(program, 'utf8');
    const cut = join(temporaryFolder(), 'cut');
    writeFileSync(cut, text.slice(0, text.lastIndexOf('main')));
    expect(run([...words, cut, 'apply'])).toEqual({
      status: 2,
      output: 'nettune-host: this file is cut off: copy it again\n',
    });
  });

  it('says what it is', () => {
    expect(run([...words, program, '--help']).output).toMatch(/^Puts a plan .*\n(.*\n)* {2}remove {3}takes /);
    expect(run([...words, program, '--version']).output).toMatch(
      /^nettune-host \d+\.\d+\.\d+ \(plans of format 1\)\n$/,
    );
    expect(run([...words, program]).status).toBe(2);
    expect(run([...words, program, 'verify', '/nonesuch --help x']).output).toMatch(
      /^nettune: there is no folder |needs root/,
    );
    expect(run([...words, program, 'frobnicate']).output).toMatch(/^there is no command frobnicate\nusage: /);
    // Where there is a program of the shell's name.
    expect(run(['env', '-C', '/usr/bin', ...words, '-s', 'verify'], readFileSync(program, 'utf8'))).toEqual({
      status: 2,
      output: 'nettune-host: call this program by its path, such as /usr/sbin/nettune-host\n',
    });
  });
});

test.each([['mawk'], ['gawk', '--posix'], ['original-awk'], ['busybox', 'awk']])(
  '%s %s reads the parts that are for awk',
  (name, ...args) => {
    const words = args.filter(Boolean);
    const named = (name: string) => AWK.filter((path) => basename(path) === name);
    for (const file of AWK) {
      // Those that read saved rules stand on read.awk, and those that write values of JSON on json.awk.
      const text = readFileSync(file, 'utf8');
      const needed = [
        ...(/\bbare\(/.test(text) ? named('read.awk') : []),
        ...(/\bjson\(/.test(text) ? named('json.awk') : []),
      ];
      const files = [...new Set([...needed, file])].flatMap((path) => ['-f', path]);
      expect(spawnSync(name, [...words, ...files], { input: '', encoding: 'utf8' }), file).toMatchObject({
        status: 0,
        stderr: '',
      });
      expect(run([name, ...words, ...files, '-f', '-'], '}').status, file).not.toBe(0);
    }
  },
);

test('shellcheck sees no fault in what is for bash', () => {
  expect(run(['shellcheck', '--shell', 'bash', join(FOLDER, 'proof/client.bash')])).toEqual({ status: 0, output: '' });
});

/** Programs of awk between quotes in a script of the shell; gawk has functions of its own, such as `or`, whose names no variable may have. */
const INLINE = /\bawk (?:-[vF] ?(?:"[^"]*"|'[^']*'|[^ ']+) )*'([^']*)'/g;

test.each([['mawk'], ['gawk'], ['original-awk'], ['busybox', 'awk']])(
  '%s reads every program of awk in the scripts',
  (program, ...args) => {
    const templates = join(CHECKOUT, 'templates');
    const scripts = readdirSync(templates, { recursive: true }).filter((path) => String(path).endsWith('.sh'));
    const programs = scripts.flatMap((path) =>
      [...readFileSync(join(templates, String(path)), 'utf8').matchAll(INLINE)].map(([, text = '']) => ({
        path,
        text,
      })),
    );
    expect(programs.length).toBeGreaterThan(10);
    for (const { path, text } of programs) {
      const { stderr } = spawnSync(program, [...args, text], { input: '', encoding: 'utf8' });
      expect(stderr, `${path}: ${text}`).not.toMatch(/syntax error|unexpected/i);
    }
  },
);

test.each([['mawk'], ['gawk', '--posix'], ['original-awk'], ['busybox', 'awk']])(
  '%s %s reads files for sysctl in the same way',
  (program, ...args) => {
    const text = [
      '# net.a.b = 0',
      '; net.a.b = 1',
      'net.a.b = 2',
      ' -net/a/b=3 4\t5 ',
      'net.a.bb = 6',
      'net.a.* = 7',
      'net.(.b = 8',
      'net.a.b',
      'net.*.b=9\r',
      '- net.a.b == 10',
    ].join('\n');
    const { stdout } = spawnSync(program, [...args.filter(Boolean), '-f', join(FOLDER, 'parts/boot-order.awk'), '-'], {
      input: text,
      env: { ...process.env, names: 'net.c.b net.a.b' },
      encoding: 'utf8',
    });
    expect(stdout.split('\n')).toEqual([
      'net.c.b\t9\t- line 9',
      'net.a.b\t7\t- line 6',
      'net.a.b\t9\t- line 9',
      'net.a.b\t2\t- line 3',
      'net.a.b\t3 4 5\t- line 4',
      'net.a.b\t= 10\t- line 10',
      '',
    ]);
  },
);

test.each([['mawk'], ['gawk', '--posix'], ['original-awk'], ['busybox', 'awk']])(
  '%s %s compares values as the kernel prints them',
  (program, ...args) => {
    const folder = temporaryFolder({
      tcp_allowed_congestion_control: 'reno cubic bbr\n',
      tcp_rmem: '4096\t131072\t6291456\n',
      tcp_syncookies: '0\n',
    });
    const values = [
      'tcp_allowed_congestion_control bbr cubic reno',
      'tcp_rmem 4096 131072 6291456',
      'tcp_syncookies 1',
    ];
    const { stdout } = spawnSync(program, [...args.filter(Boolean), '-f', join(FOLDER, 'parts/values.awk'), '-'], {
      input: values.map((value) => `value ${join(folder, value)}\n`).join(''),
      env: { ...process.env, LC_ALL: 'C', live: 'yes' },
      encoding: 'utf8',
    });
    expect(stdout).toBe(`value\t${join(folder, 'tcp_syncookies')}\t0\t1\t\t\t\n`);
  },
);

test.each([
  ['IPT_SYSCTL=/etc/ufw/other.conf', '/etc/ufw/other.conf'],
  ['IPT_SYSCTL="/etc/ufw/other.conf" # ours', '/etc/ufw/other.conf'],
  ['IPT_SYSCTL=/etc/ufw/sysctl.conf\n  IPT_SYSCTL=/etc/ufw/other.conf', '/etc/ufw/other.conf'],
  ['#IPT_SYSCTL=/etc/ufw/other.conf', ''],
  ['IPT_SYSCTL=', ''],
  ['IPT_SYSCTL=/etc/ufw/nonesuch.conf', ''],
])('of ufw the file counts that /etc/default/ufw names: %s', (line, file) => {
  const root = temporaryFolder({
    'etc/ufw/ufw.conf': 'ENABLED=yes\n',
    'etc/ufw/sysctl.conf': '',
    'etc/ufw/other.conf': '',
    'etc/default/ufw': `${line}\n`,
  });
  const script = `. ${join(FOLDER, 'parts/image.sh')}; . ${join(FOLDER, 'parts/boot.sh')}; root=$1; list_ufw_file`;
  expect(run(['dash', '-euc', script, 'sh', root])).toEqual({ status: 0, output: file && `${file}\n` });
});

describe('what on-the-host.md has an administrator copy', () => {
  const blocks = listBlocks(readFileSync(join(CHECKOUT, 'docs/on-the-host.md'), 'utf8'));

  it('are units that systemd takes', () => {
    const [service = '', timer = ''] = blocks.filter(({ language }) => language === 'ini').map(({ text }) => text);
    const folder = temporaryFolder({ 'nettune-status.service': service, 'nettune-status.timer': timer });
    const units = ['service', 'timer'].map((type) => join(folder, `nettune-status.${type}`));
    // Here the program is not where the unit has it.
    const output = run(['systemd-analyze', 'verify', '--man=no', ...units]).output;
    expect(output.split('\n').filter((line) => line.includes('nettune-status'))).toEqual([
      expect.stringContaining('Command /usr/sbin/nettune-host is not executable'),
    ]);
  });

  it('are rules that Prometheus takes', () => {
    const text = blocks.find(({ language }) => language === 'yaml')?.text ?? '';
    const check = (rules: string) =>
      run(['promtool', 'check', 'rules', join(temporaryFolder({ 'nettune.yml': rules }), 'nettune.yml')]);
    expect(check(text)).toEqual({ status: 0, output: expect.stringContaining('SUCCESS: 2 rules found') });
    expect(check(text.replace('== 0', '=== 0')).status).toBe(1);
  });
});

describe('json.sh', () => {
  test.each([['mawk'], ['gawk', '--posix'], ['original-awk'], ['busybox', 'awk']])(
    '%s %s writes any text as a string of JSON',
    (program, ...args) => {
      const file = join(FOLDER, 'parts/json.awk');
      const texts = ['', 'plain', '"\\\t\b\u001b[31m\u0001\u007f', '</script>&', 'é', '\\u0041 \\n %s %d'];
      for (const text of texts) {
        const awk = [
          program,
          ...args.filter(Boolean),
          `${readFileSync(file, 'utf8')} BEGIN { print json(ENVIRON["text"]) }`,
        ];
        const { stdout } = spawnSync('env', ['LC_ALL=C', `text=${text}`, ...awk], { encoding: 'utf8' });
        expect(JSON.parse(stdout)).toBe(text.replace('\u007f', '?').replace('é', '??'));
      }
    },
  );
});

describe('host.sh', () => {
  /** What a release of a distribution says of itself. */
  const RELEASES: Readonly<Record<string, (version: string) => Record<string, string>>> = {
    debian: (version) => ({ 'etc/os-release': `ID=debian\nVERSION_ID="${version}"\n` }),
    ubuntu: (version) => ({ 'etc/os-release': `ID=ubuntu\nID_LIKE=debian\nVERSION_ID="${version}"\n` }),
    rhel: (version) => redHat('rhel', 'fedora', version, 'Red Hat Enterprise Linux Server release'),
    centos: (version) => redHat('centos', 'rhel fedora', version, 'CentOS release'),
    'centos-stream': (version) => redHat('centos', 'rhel fedora', version, 'CentOS Stream release'),
    rocky: (version) => redHat('rocky', 'rhel centos fedora', `${version}.4`, 'Rocky Linux release'),
    almalinux: (version) => redHat('almalinux', 'rhel centos fedora', `${version}.4`, 'AlmaLinux release'),
    oracle: (version) => redHat('ol', 'fedora', `${version}.9`, 'Red Hat Enterprise Linux release'),
    amazon: (version) => ({ 'usr/lib/os-release': `ID="amzn"\nID_LIKE="fedora"\nVERSION_ID="${version}"\n` }),
  };

  /** There is an os-release since release 7. */
  function redHat(id: string, like: string, version: string, title: string): Record<string, string> {
    const release = { 'etc/redhat-release': `${title} ${version}.1 (Name)\n` };
    const osRelease = `NAME="Any"\nID="${id}"\nID_LIKE="${like}"\nVERSION_ID="${version}"\n`;
    return Number.parseInt(version, 10) < 7 ? release : { ...release, 'etc/os-release': osRelease };
  }

  /** What host.sh finds below `root`. */
  function recognise(root: string): string[] {
    const parts = ['say', 'image', 'host'].map((part) => `. ${join(FOLDER, 'parts', `${part}.sh`)}`).join('; ');
    const script = `${parts}; root=$1; name_family; name_distribution; find_major_version`;
    return run(['dash', '-euc', script, 'sh', root]).output.trimEnd().split('\n');
  }

  it.each(DISTRIBUTIONS.map((row) => [row.id, row] as const))('recognises %s', (id, row) => {
    const [, name = '', version = ''] = /^(.*)-([^-]+)$/.exec(id) ?? [];
    const [family, distribution, major] = recognise(temporaryFolder(RELEASES[name]?.(version) ?? {}));
    expect(family).toBe(ansibleFamily(row));
    expect(row.facts.distributions).toContain(distribution);
    expect(major).toBe(row.facts.majorVersion);
  });

  it.each([
    [{ 'etc/os-release': 'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="22"\n' }, 'Debian', 'linuxmint'],
    [{ 'etc/os-release': 'ID=fedora\nVERSION_ID=41\n' }, 'RedHat', 'fedora'],
    [{ 'etc/redhat-release': 'Scientific Linux release 6.10 (Carbon)\n' }, 'RedHat', 'unknown'],
    [{ 'etc/debian_version': '13.1\n' }, 'Debian', 'Debian'],
    [{ 'etc/os-release': 'ID=arch\n' }, 'unknown', 'arch'],
  ] as const)('finds the family of what has no row: %j', (files, family, distribution) => {
    expect(recognise(temporaryFolder(files)).slice(0, 2)).toEqual([family, distribution]);
  });

  it.each([
    ['i386', 'i686'],
    ['i586', 'i686'],
    ['i686', 'i686'],
    ['x86_64', 'x86_64'],
    ['aarch64', 'aarch64'],
  ])('takes the machine %s for %s', (machine, architecture) => {
    const script = `. ${join(FOLDER, 'parts/host.sh')}; uname() { echo ${machine}; }; name_architecture`;
    expect(run(['dash', '-euc', script])).toEqual({ status: 0, output: `${architecture}\n` });
  });
});

describe('the plan of any profile', () => {
  const KINDS =
    /^(?:(format|profile|family|distribution|major-version|kernel|architecture|memory-mib|least-memory-mib|file|link|needs|mpm|module|value|rules|untracked|unit|guard|loads|service|restarts|queue|limit|snippet|directive|end-overdue|end) [A-Za-z0-9_.:,+/ -]+|line \S+ [\w.=/ |![\]-]+)$/;
  /** What the program gives to the reader of strange lines. */
  const known = (lines: readonly string[]) => {
    const settable = /^settable='(.*)'$/m.exec(readFileSync(program, 'utf8'))?.[1];
    const name = lines.find((line) => line.startsWith('profile '))?.slice('profile '.length);
    return ['-v', `name=${name}`, '-v', `parameters= ${settable} `];
  };

  it('holds nothing but words, however hostile the texts in it are, and names every file', () => {
    fc.assert(
      fc.property(arbitraryProfile(hostileText), (profile) => {
        const artifacts = compileProfile(profile).compiled.flatMap((compiled) => compiled.artifacts());
        const plan = artifacts.find(({ path }) => path.endsWith('/plan'))?.content ?? '';
        const lines = plan.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
        expect(lines.filter((line) => !KINDS.test(line))).toEqual([]);
        expect(run(['awk', '-f', join(FOLDER, 'parts/strange-lines.awk'), ...known(lines), '-'], plan)).toEqual({
          status: 0,
          output: '',
        });
        const files = lines.flatMap((line) => /^file 0(?:644|755) \d+:\d+ (\S+)$/.exec(line)?.[1] ?? []);
        const below = artifacts.map(({ path }) => path.replace(/^[^/]+\//, ''));
        expect(files).toEqual(below.filter((path) => path.startsWith('etc/')));
      }),
      { numRuns: 200 },
    );
  });
});
