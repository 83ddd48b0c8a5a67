import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT, PROGRAM } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

/**
 * README.md shows what was really run. In a new folder, in the order of the page: a `yaml` block whose first line names a
 * file in a comment is written to it, and each `$` line of a `console` block is run and its output compared with the lines
 * below it. `npm run golden` puts the real output in.
 */
const PAGE = join(CHECKOUT, 'README.md');
const BLOCK = /```(yaml|console)\n([\s\S]*?)```/g;

function play(page: string): string {
  const cwd = temporaryFolder({ 'bin/nettune': `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" "$@"\n` });
  spawnSync('chmod', ['+x', join(cwd, 'bin/nettune')]);
  mkdirSync(join(cwd, 'profiles'));
  return page.replace(BLOCK, (block, language: string, text: string) => {
    if (language === 'console') return `\`\`\`console\n${runCommands(text, cwd)}\`\`\``;
    const [, file] = /^# (\S+\.yaml)\n/.exec(text) ?? [];
    if (file) writeFileSync(join(cwd, file), text);
    return block;
  });
}

function runCommands(text: string, cwd: string): string {
  const commands = [...text.matchAll(/^\$ (.*)$/gm)].map(([, command = '']) => command);
  return commands.map((command) => `$ ${command}\n${runCommand(command, cwd)}`).join('');
}

function runCommand(command: string, cwd: string): string {
  const env = { ...process.env, PATH: `${join(cwd, 'bin')}${delimiter}${process.env['PATH']}`, NO_COLOR: '1' };
  const { stdout } = spawnSync('bash', ['-c', `{ ${command}; } 2>&1`], { cwd, env, encoding: 'utf8' });
  return stdout.replace(/\n*$/, '\n').replace(/^\n$/, '');
}

it('README.md shows what its commands print', () => {
  const page = readFileSync(PAGE, 'utf8');
  const played = play(page);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(PAGE, played);
  expect(readFileSync(PAGE, 'utf8')).toBe(played);
  expect(page).toContain('$ nettune');
});
