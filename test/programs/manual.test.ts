import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/commands/commands.ts';
import { CHECKOUT, nettune } from '../support/cli.ts';
import { pack, runAfresh } from '../support/packed.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { temporaryFolder } from '../support/temporary.ts';

requirePrograms({ mandoc: 'mandoc', man: 'man-db' });

const PAGE = join(CHECKOUT, 'dist/nettune.1');

it('mandoc finds nothing to warn of', () => {
  const { status, stdout } = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', PAGE], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});

it('man finds it where npm has installed nettune', () => {
  const prefix = temporaryFolder();
  runAfresh(prefix, 'npm', ['install', '--global', '--offline', '--prefix', prefix, pack(prefix)]);
  const env = { ...process.env, MANPATH: `${prefix}/share/man` };
  expect(spawnSync('man', ['-w', 'nettune'], { encoding: 'utf8', env }).stdout).toBe(
    `${prefix}/lib/node_modules/nettune/dist/nettune.1\n`,
  );
});

describe('man shows', () => {
  const env = { ...process.env, MANWIDTH: '100', LC_ALL: 'C.UTF-8' };
  const { stdout, stderr } = spawnSync('man', ['--warnings=w', '-l', PAGE], { encoding: 'utf8', env });
  const shown = stdout.replace(/\s+/g, ' ');

  it('the page without a warning', () => {
    expect(stderr).toBe('');
    expect(shown).toMatch(/^NETTUNE\(1\) User Commands NETTUNE\(1\) NAME nettune - compile /);
  });

  it.each(COMMANDS.map(({ name }) => name))('all that help says of %s, as it can be typed', (name) => {
    const { stdout: help } = nettune([name, '--help']);
    const [usage = ''] = /(?<=Usage: ).+/.exec(help) ?? [];
    const flags = help.matchAll(/^ {2}((?:-\w, )?--\S+(?: <\S+>)?)/gm);
    const calls = help.matchAll(/^ {2}(nettune .*?) {2}/gm);
    const expected = [usage, ...[...flags, ...calls].map(([, text = '']) => text)];
    expect(expected.length).toBeGreaterThan(2);
    expect(expected.filter((text) => !shown.includes(text))).toEqual([]);
  });
});
