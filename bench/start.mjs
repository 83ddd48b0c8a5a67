// Start-up against bare Node, as ratios of medians in one run: the machine's own speed cancels out.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = 40;
const CHECKOUT = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = join(CHECKOUT, 'dist/nettune.cjs');
const PROFILE = join(CHECKOUT, 'profiles/web-server.yaml');

/** @type {(args: string[]) => number} milliseconds */
function measure(args) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: CHECKOUT });
  if (status !== 0) throw new Error(`node ${args.join(' ')}: ${stderr}`);
  return performance.now() - start;
}

/** @type {(times: number[]) => number} */
const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

const folder = mkdtempSync(join(tmpdir(), 'nettune-bench-'));
try {
  const contestants = [
    { what: 'node -e 0', args: ['-e', '0'], goal: '' },
    { what: 'nettune --version', args: [PROGRAM, '--version'], goal: '1.2' },
    { what: 'nettune validate, one profile', args: [PROGRAM, 'validate', PROFILE], goal: '1.6' },
    {
      what: 'nettune render, one profile, all up to date',
      args: [PROGRAM, 'render', PROFILE, '-o', folder],
      goal: '1.6',
    },
  ].map((contestant) => ({ ...contestant, times: /** @type {number[]} */ ([]) }));
  // In turn, so that whatever else the machine does falls on all of them alike.
  for (let round = 0; round < ROUNDS; round++) for (const { args, times } of contestants) times.push(measure(args));
  const yardstick = median(contestants[0]?.times ?? []);
  for (const { what, times, goal } of contestants)
    console.log(
      `${(median(times) / yardstick).toFixed(2)}×  ${what}${goal ? `  (goal ${goal}×)` : `  (${yardstick.toFixed(0)} ms)`}`,
    );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
