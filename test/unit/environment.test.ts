import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/commands/commands.ts';
import { callNettune } from '../support/call-nettune.ts';
import { nettune, PROGRAM } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { readTree } from '../support/tree.ts';

const SHOP = { 'profiles/shop.yaml': 'name: shop\nextends: web-server\n' };

const WARNED = {
  'profiles/shop.yaml': `${SHOP['profiles/shop.yaml']}sysctl: { net.ipv4.tcp_sack: { value: 1, because: tests } }\n`,
};

/** Runs a line of bash in which "$@" is nettune. */
function bash(line: string, cwd: string, env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line, 'bash', process.execPath, PROGRAM], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  return { status, stdout, stderr };
}

describe('a reader that has had enough ends nettune quietly', () => {
  it.each([
    'validate',
    'render',
    'render --stdout',
    'render --diff',
    'explain web-server',
    'explain web-server --format json',
    'explain web-server --format markdown',
    'parameters',
    'parameters --format json',
    'checks',
    'completion zsh',
    '--help',
  ])('%s', (call) => {
    const { status, stdout, stderr } = bash(
      `"$@" ${call} | head -c 1 | wc -c; echo $PIPESTATUS`,
      temporaryFolder(SHOP),
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(call === 'render --diff' ? /^1\n[01]\n$/ : /^1\n0\n$/);
  });

  it('also where nobody hears the warnings: the work is done', () => {
    const cwd = temporaryFolder(WARNED);
    const { stdout } = bash('{ "$@" render 2>&1 >rendered; echo $? >code; } | true; cat code', cwd);
    expect(stdout).toBe('0\n');
    expect(Object.keys(readTree(cwd)).filter((path) => path.startsWith('out/')).length).toBeGreaterThan(15);
  });
});

describe('an environment that lacks something', () => {
  it.each([
    { what: 'HOME', line: 'env -u HOME "$@" validate' },
    { what: 'TERM', line: 'env -u TERM "$@" validate' },
    { what: 'everything', line: 'env -i "$@" validate' },
    { what: 'a sensible width', line: 'COLUMNS=-7x LINES=many "$@" validate' },
    { what: 'standard input', line: '"$@" validate <&-' },
    { what: 'standard error', line: '"$@" validate 2>&-' },
  ])('$what', ({ line }) => {
    expect(bash(line, temporaryFolder(SHOP))).toEqual({ status: 0, stdout: '1 profile: no problems\n', stderr: '' });
  });

  it('standard output: the exit code says it', () => {
    const broken = { 'profiles/shop.yaml': 'name: shop\nextends: web-servr\n' };
    expect(bash('"$@" validate >&-', temporaryFolder(SHOP))).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(bash('"$@" validate >&-', temporaryFolder(broken))).toEqual({ status: 1, stdout: '', stderr: '' });
  });

  it('standard input that is to be read: it is an empty profile', () => {
    const { status, stdout, stderr } = bash('"$@" validate - <&-', temporaryFolder());
    expect(stdout).toMatch(/^<stdin>: error: the file is empty /);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  });

  it('all three', () => {
    const cwd = temporaryFolder(SHOP);
    expect(bash('"$@" render <&- >&- 2>&-', cwd).status).toBe(0);
    expect(Object.keys(readTree(`${cwd}/out`)).length).toBeGreaterThan(15);
  });
});

describe('help', () => {
  it.each([[[]], ...COMMANDS.map(({ name }) => [[name]])])('of %j fits 80 columns', async (command) => {
    const { code, stdout } = await callNettune([...command, '--help']);
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(['render -h', 'help render'])('%s', async (call) => {
    expect(await callNettune(call.split(' '))).toEqual(await callNettune(['render', '--help']));
  });

  it.each(['rendr', 'help rendr', 'rendr --help'])('%s suggests the command that exists', async (call) => {
    expect(await callNettune(call.split(' '))).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: there is no command `rendr`: did you mean `render`?\n',
    });
  });
});

describe('nettune --version --verbose', () => {
  it('says what a bug report needs', async () => {
    const { code, stdout } = nettune(['--version', '--verbose']);
    expect(code).toBe(0);
    const { stdout: version } = await callNettune(['--version']);
    expect(stdout).toContain(`nettune       ${version}`);
    expect(stdout).toMatch(/^with +.*commander \d.*handlebars \d.*yaml \d/m);
    expect(stdout).toContain(`node          ${process.version}, `);
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'nettune',
      'program',
      'with',
      'node',
      'system',
      'distribution',
      'locale',
      'terminal',
      '',
    ]);
  });

  it('says nothing of who asks, and shows what the environment holds as text', () => {
    const home = temporaryFolder();
    const env = { HOME: home, TERM: 'x\n::error::\u001b[31m', USER: 'erika', LOGNAME: 'erika' };
    const { stdout } = bash('cp "$2" "$HOME/nettune.cjs"; "$1" "$HOME/nettune.cjs" --version --verbose', home, env);
    expect(stdout).toContain('program       ~/nettune.cjs\n');
    expect(stdout).toContain('TERM=x<U+000A>::error::<U+001B>[31m');
    expect(stdout).not.toContain(home);
    expect(stdout).not.toContain('erika');
  });
});
