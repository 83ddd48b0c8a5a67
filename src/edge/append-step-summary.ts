import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import type { ProblemReport } from '../report/problem-formats/problem-format.ts';
import { orMisuse, Unreadable } from './misuse.ts';
import { writeAll } from './write-file.ts';

/** GitHub drops a summary that is larger than this, with all that other commands of the step have put there. */
const MOST_BYTES = 2 ** 20;

/** Adds a page about all problems to the summary of the step, where GitHub says that there is one. */
export async function appendStepSummary(report: ProblemReport): Promise<void> {
  const path = process.env['GITHUB_STEP_SUMMARY'];
  if (!path) return;
  const { formatStepSummary } = await import('../report/format-step-summary.ts');
  orMisuse(path, 'written', () => append(path, (room) => formatStepSummary(report, room)));
}

/** `write` is told how many bytes there is room for. */
function append(path: string, write: (room: number) => string): void {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants;
  const file = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0o644);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new Unreadable('is not a regular file');
    writeAll(file, Buffer.from(write(MOST_BYTES - found.size)));
  } finally {
    closeSync(file);
  }
}
