import { comparePlans, type PlanSet } from '../compare-plans.ts';
import { Misuse } from '../edge/misuse.ts';
import { readRevision, resolveBaseAt } from '../edge/read-revision.ts';
import { orDefault, readSources, readSourcesIfAny } from '../edge/read-sources.ts';
import { resolveBaseFile } from '../edge/resolve-base.ts';
import { openRevision } from '../edge/revision.ts';
import { compile } from '../pipeline.ts';
import { formatComparison } from '../report/comparison/format-comparison.ts';
import { formatComparisonMarkdown } from '../report/comparison/format-comparison-markdown.ts';
import { printable, printableJson } from '../text/printable.ts';
import type { Comparison } from '../values/comparison.ts';
import type { Compilation } from '../values/compilation.ts';
import { arrangeProblems } from '../values/problem.ts';
import type { ResolveBase } from '../values/resolve-base.ts';
import type { Source } from '../values/source.ts';
import { type AddCommand, EXIT, type Exit, type Stream, type Streams } from './command.ts';
import { hasProblem, reportProblems } from './compile-paths.ts';
import { machineOption, narrowToMachine } from './narrow-to-machine.ts';
import { type Format, formatOption } from './options.ts';

interface Options {
  readonly git?: string;
  readonly machine?: string;
  readonly format: Format;
}

/**
 * `nettune compare`: what a change of profiles changes on hosts, and how it takes effect there. Errors of the old side are
 * said and judge nothing: the change may be what mends them.
 */
export const addCompare: AddCommand = (program, streams, finish) => {
  program
    .command('compare')
    .description('say what a change of profiles changes on their hosts, why, and what it takes to have it there')
    .argument(
      '[PATH...]',
      'OLD and NEW: two profiles or two folders, of which only NEW decides the exit code; with --git any files, folders or globs, default: profiles',
    )
    .option('--git <revision>', 'compare what is at a revision of the repository with what is on disk')
    .addOption(machineOption())
    .addOption(formatOption())
    .action(async (paths: string[], options: Options) => {
      finish(await compare(paths, options, streams));
    });
};

async function compare(
  paths: readonly string[],
  { git, machine, format }: Options,
  { out, err }: Streams,
): Promise<Exit> {
  const { before, after, arePair } = git === undefined ? await readBoth(paths) : await readSince(git, paths);
  const whole = {
    compiled: [...before.compiled, ...after.compiled],
    problems: arrangeProblems([...before.problems, ...after.problems]),
  };
  const { problems } = narrowToMachine(whole, machine);
  reportProblems(
    problems.filter(({ severity }) => severity === 'error'),
    err,
  );
  out.write(WRITERS[format](comparePlans(before, after, { arePair, machine }), out));
  return hasProblem(after.problems, 'error') ? EXIT.problems : EXIT.clean;
}

const WRITERS: Readonly<Record<Format, (comparison: Comparison, out: Stream) => string>> = {
  text: (comparison, { style }) => formatComparison(comparison, style),
  json: (comparison) => `${printableJson({ version: 1, ...comparison })}\n`,
  markdown: formatComparisonMarkdown,
};

type Side = PlanSet & Pick<Compilation, 'problems'>;

interface Sides {
  readonly before: Side;
  readonly after: Side;
  /** Whether the user named two profiles, whatever they are called. */
  readonly arePair?: boolean;
}

async function readBoth(paths: readonly string[]): Promise<Sides> {
  const [old, now, ...more] = paths;
  if (old === undefined || now === undefined || more.length > 0)
    throw new Misuse('compare takes two profiles or two folders; or --git and a revision');
  if (old === '-' && now === '-') throw new Misuse('only one of the two can come from standard input');
  const before = await readSources([old]);
  const after = await readSources([now]);
  return {
    before: compileSide(before.sources, resolveBaseFile),
    after: compileSide(after.sources, resolveBaseFile),
    arePair: [before, after].every(({ sources, complete }) => sources.length === 1 && !complete),
  };
}

async function readSince(git: string, paths: readonly string[]): Promise<Sides> {
  const given = [...new Set(orDefault(paths))];
  if (given.includes('-')) throw new Misuse('--git compares files, and standard input is none');
  const revision = openRevision(git, process.cwd());
  const before = await readRevision(given, revision);
  const after = await readSourcesIfAny(given);
  const [lack] = [...after.lacks].flatMap(([path, why]) => (before.found.has(path) ? [] : [why]));
  if (lack !== undefined) throw new Misuse(`${lack}, nor was there any at ${printable(git)}`);
  return {
    before: { ...compileSide(before.sources, resolveBaseAt(revision)), revision: revision.name },
    after: compileSide(after.sources, resolveBaseFile),
  };
}

function compileSide(sources: readonly Source[], resolveBase: ResolveBase): Side {
  const { compiled, problems } = compile(sources, resolveBase);
  const plans = new Set(compiled.map(({ file }) => file));
  return { compiled, problems, broken: sources.map(({ name }) => name).filter((name) => !plans.has(name)) };
}
