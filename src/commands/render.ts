import { type Command as Commander, InvalidArgumentError } from 'commander';
import { compareArtifacts } from '../compare-artifacts.ts';
import { readExisting } from '../edge/read-existing.ts';
import { writeChanges } from '../edge/write-changes.ts';
import { findEqualMachines } from '../find-equal-machines.ts';
import { OUTPUTS } from '../outputs/outputs.ts';
import { hostProgram } from '../render-artifacts.ts';
import { renderCollection } from '../render-collection.ts';
import { countChanges, formatChanges, formatFolders } from '../report/format-change.ts';
import { summarize } from '../report/format-problem.ts';
import { suggest } from '../text/suggest.ts';
import type { Artifact } from '../values/artifact.ts';
import type { Change } from '../values/change.ts';
import { type Collection, collectionFolder, parseCollection } from '../values/collection.ts';
import type { Compiled } from '../values/compilation.ts';
import { groupBy } from '../values/group-by.ts';
import type { Problem } from '../values/problem.ts';
import { type AddCommand, EXIT, type Exit, type Stream, type Streams } from './command.ts';
import { compilePaths, hasProblem, reportProblems } from './compile-paths.ts';
import { failOn, PATHS } from './options.ts';

interface Options {
  readonly output: string;
  readonly only: readonly string[];
  readonly failOn: Problem['severity'];
  readonly check?: true;
  readonly diff?: true;
  readonly stdout?: true;
  readonly prune?: true;
  readonly verbose?: true;
  readonly collection?: Collection;
}

/** `nettune render`: profiles in, artifacts out. Nothing is written while a problem is left. */
export const addRender: AddCommand = (program, streams, finish) => {
  program
    .command('render')
    .description('write the artifacts of profiles, each into a folder of its name')
    .argument(...PATHS)
    .option('-o, --output <folder>', 'where the artifacts go', 'out')
    .option(
      '--only <outputs>',
      'some outputs only, with commas',
      parseOutputs,
      OUTPUTS.map(({ id }) => id),
    )
    .option('--check', 'write nothing; list what is out of date, and exit with 1 if anything is')
    .option('--diff', 'write nothing; show what would change, and exit with 1 if anything would')
    .option('--stdout', 'write nothing; print the artifacts')
    .option(
      '--collection <namespace.name[:version]>',
      'gather the roles in a collection of Ansible as well, with a playbook for each',
      parseCollectionName,
    )
    .option('--prune', 'remove generated files that no profile makes any more')
    .option('--verbose', 'a line for each file that is written, instead of one for each profile')
    .addOption(failOn())
    .action(async (paths: string[], _, command: Commander) => {
      const options = command.optsWithGlobals<Options>(); // --version has a --verbose as well
      refuseContradictions(options, command);
      finish(await render(paths, options, streams));
    });
};

async function render(paths: readonly string[], options: Options, { out, err, status }: Streams): Promise<Exit> {
  const { compiled, problems, complete, profiles: named } = await compilePaths(paths, status.show);
  reportProblems(problems, err);
  if (hasProblem(problems, options.failOn)) {
    err.write(`${summarize(named.length, problems)}; nothing was written\n`);
    return EXIT.problems;
  }
  const artifacts = renderAll(compiled, options.collection, status.show);
  if (options.stdout)
    return printArtifacts(
      artifacts.filter(({ output }) => options.only.includes(output)),
      out,
    );

  const profiles = compiled.map(({ plan }) => plan.name);
  const collection = options.collection && collectionFolder(options.collection);
  const scope = { outputs: options.only, profiles, complete, collection };
  const changes = compareArtifacts(artifacts, readExisting(options.output, scope), scope);
  if (options.check || options.diff) return reportChanges(changes, options, out);
  await writeChanges(options.output, changes, options.prune ?? false, status.show);
  const done = {
    create: 'created',
    update: 'updated',
    same: 'unchanged',
    stale: options.prune ? 'removed' : 'stale (--prune removes them)',
  };
  const lines = options.verbose
    ? formatChanges(changes, out.style, options.prune)
    : formatFolders(changes, options.output, done, out.style);
  for (const line of lines) out.write(`${line}\n`);
  out.write(`${countChanges(changes, done)}\n`);
  for (const line of [...listAbsences(compiled, options.only), ...listEqual(compiled)]) out.write(`${line}\n`);
  return EXIT.clean;
}

function renderAll(
  compiled: readonly Compiled[],
  collection: Collection | undefined,
  onProgress: (text: string) => void,
): Artifact[] {
  const profiles = groupBy(compiled, ({ plan }) => plan.name);
  const rendered = profiles.flatMap(([, [first, ...more]], index) => {
    onProgress(`rendering ${index} of ${profiles.length} profiles`);
    if (!first) return [];
    const artifacts = new Set([first, ...more].flatMap((machine) => machine.artifacts())); // machines share some
    return [{ plan: first.plan, artifacts: [...artifacts] }];
  });
  const own = rendered.length > 0 ? [hostProgram, ...rendered.flatMap(({ artifacts }) => artifacts)] : [];
  return collection ? [...own, ...renderCollection(rendered, collection)] : own;
}

/** What somebody might look for in vain. */
function listAbsences(compiled: readonly Compiled[], only: readonly string[]): string[] {
  return compiled.flatMap(({ plan }) =>
    OUTPUTS.filter(({ id }) => only.includes(id)).flatMap(({ id, absence }) => {
      const reason = absence?.(plan);
      const machine = plan.machine === undefined ? '' : ` for ${plan.machine}`;
      return reason ? [`${plan.name}: no ${id}${machine}: ${reason}`] : [];
    }),
  );
}

function listEqual(compiled: readonly Compiled[]): string[] {
  return findEqualMachines(compiled).map(
    ({ profile, machines }) => `${profile}: the same values for ${machines.join(', ')}`,
  );
}

async function reportChanges(changes: readonly Change[], { check, diff }: Options, out: Stream): Promise<Exit> {
  const different = changes.filter(({ kind }) => kind !== 'same');
  if (diff) await printDifferences(different, out);
  if (check) for (const line of formatChanges(changes, out.style)) out.write(`${line}\n`);
  if (check)
    out.write(
      `${countChanges(changes, { create: 'missing', update: 'out of date', same: 'up to date', stale: 'stale' })}${formatRemedy(different)}\n`,
    );
  return different.length > 0 ? EXIT.problems : EXIT.clean;
}

function formatRemedy(different: readonly Change[]): string {
  if (different.length === 0) return '';
  return `; \`nettune render${different.some(({ kind }) => kind === 'stale') ? ' --prune' : ''}\` mends that`;
}

async function printDifferences(changes: readonly Change[], out: Stream): Promise<void> {
  const { formatDifference } = await import('../report/format-difference.ts');
  for (const change of changes) out.write(`${formatDifference(change)}\n`);
}

/** One artifact as it is; several with their paths between them. */
function printArtifacts(artifacts: readonly Artifact[], out: Stream): Exit {
  for (const { path, content } of artifacts)
    out.write(artifacts.length === 1 ? content : `==> ${path} <==\n${content}\n`);
  return EXIT.clean;
}

function parseOutputs(text: string): string[] {
  const known = OUTPUTS.map(({ id }) => id);
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new InvalidArgumentError(`There is no output ${unknown}: ${suggest(unknown, known, 'the outputs are')}`);
  return names;
}

function parseCollectionName(text: string): Collection {
  const collection = parseCollection(text);
  if (collection) return collection;
  throw new InvalidArgumentError(
    'Write namespace.name or namespace.name:1.2.0, in lower-case letters, digits and underscores.',
  );
}

function refuseContradictions({ check, diff, stdout, prune, collection, only }: Options, command: Commander): void {
  if (collection && !only.includes('ansible'))
    command.error('error: --collection gathers roles, and --only leaves them out: add ansible');
  if (stdout && (check || diff))
    command.error('error: --stdout prints artifacts; --check and --diff compare them: choose one');
  if (prune && (check || diff || stdout))
    command.error('error: --prune removes files; --check, --diff and --stdout never touch any');
}
