import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** What a program did, with all that it printed. */
export interface Answer {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program without holding up this one, as a machine that takes minutes would. */
export async function execute(
  program: string,
  args: readonly string[],
  input?: Uint8Array,
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Answer> {
  const child = spawn(program, args, { ...options, timeout: 600_000, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {}); // it may end before it has read everything
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, output: stdout + stderr };
}
