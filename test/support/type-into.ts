import { spawn } from 'node:child_process';

/** Pulls the carpet from no shell that is only slow. */
const PATIENCE_MILLISECONDS = 20_000;

/**
 * Types lines into an interactive program on a terminal, each when the answer to the one before has come; an answer is
 * what `answer` finds, with the part that it captures. Rejects when one does not come.
 */
export async function typeInto(
  program: string,
  lines: readonly string[],
  { cwd, env, answer }: { cwd: string; env: NodeJS.ProcessEnv; answer: RegExp },
): Promise<string[]> {
  const child = spawn('script', ['-qfec', program, '/dev/null'], {
    cwd,
    env: { ...process.env, TERM: 'xterm', ...env },
  });
  let shown = '';
  let wake = () => {};
  child.stdout.on('data', (data) => {
    shown += data;
    wake();
  });
  const answers = () => [...shown.matchAll(answer)].map(([, captured = '']) => captured);
  const isAnswered = (count: number) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no answer to line ${count} in: ${shown}`)),
        PATIENCE_MILLISECONDS,
      );
      wake = () => {
        if (answers().length < count) return;
        clearTimeout(timer);
        resolve();
      };
      wake();
    });
  try {
    for (const [index, line] of lines.entries()) {
      child.stdin.write(`${line}\r`);
      await isAnswered(index + 1);
    }
    return answers();
  } finally {
    child.kill('SIGKILL');
  }
}
