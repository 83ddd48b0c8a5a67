import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect } from 'vitest';
import { CHECKOUT, PROGRAM } from './cli.ts';
import type { DebianMachine } from './debian-machine.ts';
import { execute } from './execute.ts';
import { temporaryFolder } from './temporary.ts';

/** A block of a page, with the language that is said of it. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** The file that its first line names, in a comment. */
  readonly file?: string;
}

const BLOCK = /^```(\S*)\n([\s\S]*?)^```$/gm;

/** A line of a `console` block that is typed: on the machine of the reader, or as root on the host that its prompt names. */
const COMMAND = /^(?:\$|([a-z0-9-]+)#) (.*)$/gm;

export function listBlocks(page: string): Block[] {
  return [...page.matchAll(BLOCK)].map(([, language = '', text = '']) => {
    const [, file] = /^(?:#|\/\/) (\S+)\n/.exec(text) ?? [];
    return { language, text, ...(file && language !== 'console' ? { file } : {}) };
  });
}

/** Whether it has a command for a host that is not there: such a block is played by test/machine alone. */
export function needsMachine({ language, text }: Block): boolean {
  return (
    language === 'console' &&
    [...text.matchAll(COMMAND)].some(
      ([, host, command = '']) => host !== undefined || /\b(ssh|scp|ansible-playbook)\b/.test(command),
    )
  );
}

/**
 * A page shows what was really run. In a new folder, where nettune can be imported, in the order of the page: a block whose
 * first line names a file in a comment is written to it, and each command of a `console` block is run and its output put
 * below it. Without a machine those blocks stand as they are that need one. `npm run golden`, or UPDATE_GOLDEN=1, puts the real output into the page.
 */
export async function expectPageToBeTrue(page: string, machine?: DebianMachine): Promise<void> {
  const played = await playPage(readFileSync(page, 'utf8'), machine);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(page, played);
  expect(readFileSync(page, 'utf8')).toBe(played);
}

async function playPage(page: string, machine: DebianMachine | undefined): Promise<string> {
  const cwd = temporaryFolder();
  for (const folder of ['profiles', 'node_modules']) mkdirSync(join(cwd, folder));
  symlinkSync(CHECKOUT, join(cwd, 'node_modules/nettune'));
  const run = runIn(cwd, preparePrograms(machine), machine);
  const played: string[] = [];
  for (const block of listBlocks(page)) {
    if (block.file) writeFileSync(join(cwd, block.file), block.text);
    const isPlayed = block.language === 'console' && (machine !== undefined || !needsMachine(block));
    played.push(isPlayed ? await runCommands(block.text, run) : block.text);
  }
  return page.replaceAll(BLOCK, (_, language) => `\`\`\`${language}\n${played.shift()}\`\`\``);
}

/**
 * Programs that come before those of this machine: nettune as it was built, what a user of TypeScript has, and ssh that
 * reaches the host by any name.
 */
function preparePrograms(machine: DebianMachine | undefined): string {
  const folder = temporaryFolder();
  const scripts: Record<string, string> = {
    nettune: `exec "${process.execPath}" "${PROGRAM}" "$@"`,
    tsc: `exec "${join(CHECKOUT, 'node_modules/.bin/tsc')}" "$@"`,
  };
  if (machine) {
    writeFileSync(join(folder, 'ssh_config'), machine.sshConfig('*'));
    for (const name of ['ssh', 'scp']) scripts[name] = `exec /usr/bin/${name} -F "${folder}/ssh_config" "$@"`;
  }
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

type Run = (command: string, host: string | undefined) => Promise<string>;

function runIn(cwd: string, programs: string, machine: DebianMachine | undefined): Run {
  return (command, host) => (host && machine ? runOnHost(command, machine) : runHere(command, cwd, programs));
}

async function runCommands(text: string, run: Run): Promise<string> {
  let shown = '';
  for (const [line, host, command = ''] of text.matchAll(COMMAND)) {
    const output = await run(command, host);
    shown += `${line}\n${output.replace(/\n*$/, '\n').replace(/^\n$/, '')}`;
  }
  return shown;
}

/** Over the connection that is open already: a host whose table is full takes no new one. */
async function runOnHost(command: string, machine: DebianMachine): Promise<string> {
  if (command === 'systemctl reboot') {
    await machine.reboot();
    return '';
  }
  return (await machine.run(command)).output;
}

/** As on a terminal that knows no colours, with a home and a name of its own. */
async function runHere(command: string, cwd: string, programs: string): Promise<string> {
  const path = `${programs}${delimiter}${process.env['PATH']}`;
  const env = [`PATH=${path}`, `HOME=${cwd}`, 'EMAIL=you@example.org', 'NO_COLOR=1', 'ANSIBLE_NOCOLOR=1'];
  const { output } = await execute('env', ['-C', cwd, ...env, 'bash', '-c', `{ ${command}; } 2>&1`]);
  return output.replaceAll(cwd, '~');
}
