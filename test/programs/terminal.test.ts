import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { nettune, PROGRAM } from '../support/cli.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { temporaryFolder } from '../support/temporary.ts';

requirePrograms({ script: 'bsdutils' });

const SHOP = { 'shop.yaml': 'name: shop\nextends: web-server\n' };
const BROKEN = { 'shop.yaml': `${SHOP['shop.yaml']}host: { memory: 16GB }\n` };

/** A machine on which the program takes more than a second to start. */
const SLOW = { 'slow.cjs': 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1100);' };

/** One on which it has just started, however busy that is. */
const FAST = { 'fast.cjs': 'performance.now = () => 0;' };

/** What a terminal receives from nettune, in an environment of which only this is said. */
function onTerminal(args: string, files: Record<string, string>, variables: string): string {
  const cwd = temporaryFolder(files);
  const unset = '-u NO_COLOR -u LC_ALL -u LC_CTYPE -u LANG -u COLUMNS';
  const command = `env ${unset} ${variables} ${process.execPath} ${PROGRAM} ${args}`;
  return spawnSync('script', ['-qec', command, '/dev/null'], { cwd, encoding: 'utf8' }).stdout;
}

it('colour goes to a terminal, and not with NO_COLOR', () => {
  const validate = (variable: string) =>
    onTerminal(
      'validate shop.yaml',
      { ...BROKEN, ...FAST },
      `NODE_OPTIONS=--require=./fast.cjs TERM=xterm ${variable}`,
    );
  expect(validate('LC_ALL=C')).toContain('\u001b[31m');
  expect(validate('NO_COLOR=1')).not.toContain('\u001b[');
  expect(validate('TERM=dumb')).not.toContain('\u001b[');
});

describe('a run of more than a second', () => {
  const validate = (variables: string) =>
    onTerminal('validate shop.yaml', { ...SHOP, ...SLOW }, `NODE_OPTIONS=--require=./slow.cjs ${variables}`);

  it('says on a terminal how far it is, on a line that is gone at the end', () => {
    expect(validate('TERM=xterm')).toBe('\r\u001b[Kcompiling 0 of 1 profiles\r\u001b[K1 profile: no problems\r\n');
  });

  it('does not where a line cannot be rewritten, or nobody looks on', () => {
    expect(validate('TERM=dumb')).toBe('1 profile: no problems\r\n');
    expect(validate('TERM=')).toBe('1 profile: no problems\r\n');
    const env = { NODE_OPTIONS: '--require=./slow.cjs', TERM: 'xterm' };
    expect(nettune(['validate', 'shop.yaml'], { cwd: temporaryFolder({ ...SHOP, ...SLOW }), env })).toMatchObject({
      stdout: '1 profile: no problems\n',
      stderr: '',
    });
  });

  it('and a shorter one says nothing', () => {
    const variables = 'NODE_OPTIONS=--require=./fast.cjs TERM=xterm';
    expect(onTerminal('validate shop.yaml', { ...SHOP, ...FAST }, variables)).toBe('1 profile: no problems\r\n');
  });
});

describe('a terminal whose locale is', () => {
  const profile = {
    'shop.yaml': `${SHOP['shop.yaml']}sysctl: { net.ipv4.tcp_sack: { value: 1, because: Müller says so } }\n`,
  };
  const explain = (variables: string) => onTerminal('explain shop.yaml', profile, variables);

  it.each(['LC_ALL=C', 'LC_ALL=POSIX', 'LANG=en_US.ISO-8859-1', 'LC_ALL=C LANG=C.UTF-8', 'TERM=xterm'])(
    'not UTF-8 gets ASCII: %s',
    (variables) => {
      const shown = explain(variables);
      expect(shown).toContain('/s x 60 s');
      expect(shown).toContain('M<U+00FC>ller');
      expect(shown).not.toMatch(/[^\0-\x7f]/);
    },
  );

  it.each(['LC_ALL=C.UTF-8', 'LANG=en_GB.utf8', 'LC_ALL= LC_CTYPE=C.UTF-8 LANG=C'])(
    'UTF-8 gets it: %s',
    (variables) => {
      const shown = explain(variables);
      expect(shown).toContain('/s × 60 s');
      expect(shown).toContain('Müller');
    },
  );

  it('any is none of a pipe, in which everything is UTF-8', () => {
    const cwd = temporaryFolder(profile);
    expect(nettune(['explain', 'shop.yaml'], { cwd, env: { LC_ALL: 'C' } }).stdout).toContain('/s × 60 s');
  });
});
