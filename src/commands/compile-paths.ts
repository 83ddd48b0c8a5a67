import { readSources } from '../edge/read-sources.ts';
import { resolveBaseFile } from '../edge/resolve-base.ts';
import { compile } from '../pipeline.ts';
import { formatProblems } from '../report/format-problem.ts';
import type { Compilation } from '../values/compilation.ts';
import type { Problem } from '../values/problem.ts';
import type { Stream } from './command.ts';

/** Reads and compiles what the user named; `onProgress` hears how far it is. */
export async function compilePaths(
  paths: readonly string[],
  onProgress: (text: string) => void,
): Promise<Compilation & { readonly complete: boolean; readonly profiles: readonly string[] }> {
  const { sources, complete } = await readSources(paths);
  const compilation = compile(sources, resolveBaseFile, (index) =>
    onProgress(`compiling ${index} of ${sources.length} profiles`),
  );
  return { ...compilation, complete, profiles: sources.map(({ name }) => name) };
}

export function reportProblems(problems: readonly Problem[], { write, style }: Stream): void {
  if (problems.length > 0) write(formatProblems(problems, style));
}

/** Whether a problem of this severity, or a worse one, is among them. */
export function hasProblem(problems: readonly Problem[], least: Problem['severity']): boolean {
  return problems.some(({ severity }) => severity === 'error' || severity === least);
}
