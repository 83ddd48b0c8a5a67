import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect } from 'vitest';
import { CHECKOUT, PROGRAM } from './cli.ts';
import { execute } from './execute.ts';
import { temporaryFolder } from './temporary.ts';

const BLOCK = /```(yaml|ini|js|ts|console)\n([\s\S]*?)```/g;

/**
 * A page shows what was really run. In a new folder, in the order of the page: a block whose first line names a file in a
 * comment is written to it, and each `$` line of a `console` block is run and its output put below it. `nettune` can be
 * imported. `programs`: scripts that come before those of this machine, by name. `npm run golden`, or UPDATE_GOLDEN=1,
 * puts the real output into the page.
 */
export async function expectPageToBeTrue(page: string, programs: Readonly<Record<string, string>> = {}): Promise<void> {
  const played = await playPage(readFileSync(page, 'utf8'), programs);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(page, played);
  expect(readFileSync(page, 'utf8')).toBe(played);
  expect(played).toMatch(/^\$ /m);
}

async function playPage(page: string, programs: Readonly<Record<string, string>>): Promise<string> {
  const cwd = temporaryFolder();
  const scripts = { nettune: `exec "${process.execPath}" "${PROGRAM}" "$@"`, ...programs };
  for (const folder of ['bin', 'profiles', 'node_modules']) mkdirSync(join(cwd, folder));
  symlinkSync(CHECKOUT, join(cwd, 'node_modules/nettune'));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(cwd, 'bin', name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(cwd, 'bin', name), 0o755);
  }
  let played = '';
  let end = 0;
  for (const { 0: block, 1: language, 2: text = '', index } of page.matchAll(BLOCK)) {
    played += page.slice(end, index);
    end = index + block.length;
    played += language === 'console' ? `\`\`\`console\n${await runCommands(text, cwd)}\`\`\`` : block;
    const [, file] = /^(?:#|\/\/) (\S+)\n/.exec(text) ?? [];
    if (file && language !== 'console') writeFileSync(join(cwd, file), text);
  }
  return played + page.slice(end);
}

async function runCommands(text: string, cwd: string): Promise<string> {
  let shown = '';
  for (const [, command = ''] of text.matchAll(/^\$ (.*)$/gm))
    shown += `$ ${command}\n${await runCommand(command, cwd)}`;
  return shown;
}

/** As on a terminal that knows no colours, with a home of its own. */
async function runCommand(command: string, cwd: string): Promise<string> {
  const path = `${join(cwd, 'bin')}${delimiter}${process.env['PATH']}`;
  const env = [`PATH=${path}`, `HOME=${cwd}`, 'NO_COLOR=1', 'ANSIBLE_NOCOLOR=1'];
  const { output } = await execute('env', ['-C', cwd, ...env, 'bash', '-c', `{ ${command}; } 2>&1`]);
  return output.replaceAll(cwd, '~').replace(/\n*$/, '\n').replace(/^\n$/, '');
}
