import { runProgram } from '../../src/commands/run-program.ts';
import { plain } from '../../src/report/style.ts';
import { CHECKOUT, PROGRAM, type Run } from './cli.ts';

let isRunning = false;

/**
 * The same as `nettune` of cli.ts, in this process, and therefore many times as fast. It has no standard input, no terminal
 * and no signals: what is about those, or about Node itself, is for a process of its own.
 */
export async function callNettune(
  args: readonly string[],
  { cwd = CHECKOUT, env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Run> {
  if (isRunning) throw new Error('the folder and the environment are those of the process: one run at a time');
  isRunning = true;
  const before = { cwd: process.cwd(), env: process.env };
  try {
    process.chdir(cwd);
    process.env = { ...before.env, NO_COLOR: '1', ...env };
    return await run(args);
  } finally {
    process.chdir(before.cwd);
    process.env = before.env;
    isRunning = false;
  }
}

async function run(args: readonly string[]): Promise<Run> {
  const out = collect();
  const err = collect();
  let code = 0;
  const status = { show: () => {}, clear: () => {} };
  await runProgram([process.execPath, PROGRAM, ...args], { out, err, status }, (exit) => {
    code = exit;
  });
  return { code, stdout: out.read(), stderr: err.read() };
}

/** A stream that is no terminal. Half of a character becomes what it becomes in a pipe. */
function collect() {
  const written: string[] = [];
  const write = (text: string) => void written.push(Buffer.from(text).toString('utf8'));
  return { write, style: plain, isTerminal: false, read: () => written.join('') };
}
