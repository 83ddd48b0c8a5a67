import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The program as it is shipped; `npm test` builds it first. */
export const PROGRAM = fileURLToPath(new URL('../../dist/nettune.cjs', import.meta.url));

/** The folder of this checkout. */
export const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url));

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs nettune as a user would, in `cwd`, with `input` on standard input. */
export function nettune(
  args: readonly string[],
  options: { cwd?: string; input?: string | Uint8Array; env?: NodeJS.ProcessEnv } = {},
): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    cwd: options.cwd ?? CHECKOUT,
    input: options.input ?? '',
    env: { ...process.env, NO_COLOR: '1', ...options.env },
    timeout: 20_000,
    maxBuffer: 2 ** 26,
  });
  return { code: status, stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8') };
}
