import { spawn } from 'node:child_process';
import type { Host, Outcome } from './namespaces.ts';

export interface RunOptions {
  readonly input?: string;
  readonly hasOwnMounts?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs a program on a host as `Host.run` does, while other hosts go on: cases run side by side. The program keeps the
 * mounts of this machine unless it wants its own: making them takes longer than most programs.
 */
export function runIn(host: Host, command: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const enter = options.hasOwnMounts
    ? ['ip', 'netns', 'exec', host.namespace]
    : ['nsenter', `--net=/run/netns/${host.namespace}`];
  const [program = '', ...args] = [...enter, ...command];
  const child = spawn(program, args, { env: { ...process.env, PATH: host.path, ...options.environment } });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  // A program that does not read its input is none that failed.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
}

/** The output of a program that has to succeed. */
export async function mustRunIn(host: Host, command: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await runIn(host, command, input === undefined ? {} : { input });
  if (code !== 0) throw new Error(`${command.join(' ')} in ${host.namespace}: ${stderr}\n${input ?? ''}`);
  return stdout;
}
