import { readSources } from '../edge/read-sources.ts';
import { resolveBaseFile } from '../edge/resolve-base.ts';
import { type Compilation, compile } from '../pipeline.ts';
import { countProblems, formatProblem } from '../report/format-problem.ts';
import type { Problem } from '../values/problem.ts';
import type { Stream } from './command.ts';

/** More than anybody reads; a hostile file may have thousands. */
const MOST_SHOWN = 100;

/** Reads and compiles what the user named; `onProgress` hears how far it is. */
export async function compilePaths(
  paths: readonly string[],
  onProgress: (text: string) => void,
): Promise<Compilation & { readonly complete: boolean; readonly count: number }> {
  const { sources, complete } = await readSources(paths);
  const compilation = compile(sources, resolveBaseFile, (index) =>
    onProgress(`compiling ${index} of ${sources.length} profiles`),
  );
  return { ...compilation, complete, count: sources.length };
}

export function reportProblems(problems: readonly Problem[], { write, style }: Stream): void {
  for (const problem of problems.slice(0, MOST_SHOWN)) write(`${formatProblem(problem, style)}\n\n`);
  if (problems.length > MOST_SHOWN) write(`… and ${problems.length - MOST_SHOWN} more\n\n`);
}

/** Whether a problem of this severity, or a worse one, is among them. */
export function hasProblem(problems: readonly Problem[], least: Problem['severity']): boolean {
  return problems.some(({ severity }) => severity === 'error' || severity === least);
}

/** `3 profiles: 1 error, 2 warnings` */
export function summarize(count: number, problems: readonly Problem[]): string {
  return `${count} ${count === 1 ? 'profile' : 'profiles'}: ${countProblems(problems)}`;
}
