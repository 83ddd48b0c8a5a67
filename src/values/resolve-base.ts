import type { Source } from './source.ts';

/**
 * Finds the file that a path behind `extends` leads to, as seen from the file that says so; what stands in its way is put
 * so that it can follow the path. Names of shipped profiles never come here.
 */
export type ResolveBase = (
  reference: string,
  from: Source,
) => Source | { readonly fault: string; readonly remedy: string };

/** Bases that are in memory: a path starts at the folder of the file that extends, and leads to a source of that name. */
export function basesAmong(sources: readonly Source[]): ResolveBase {
  const byPath = new Map(sources.map((source) => [join('', source.name), source]));
  return (reference, { name }) =>
    byPath.get(join(folderOf(name), reference)) ?? {
      fault: 'is not among the files that were given',
      remedy: 'the path starts at the folder of this file',
    };
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** Without `.` and, as far as there are folders to leave, without `..`. */
function join(folder: string, path: string): string {
  const steps: string[] = [];
  for (const step of `${folder}${path}`.split('/')) {
    if (step === '..' && steps.length > 0 && steps.at(-1) !== '..') steps.pop();
    else if (step !== '.') steps.push(step);
  }
  return steps.join('/');
}
