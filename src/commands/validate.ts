import { Option } from 'commander';
import { appendStepSummary } from '../edge/append-step-summary.ts';
import { findPathsInRepository } from '../edge/repository.ts';
import type { ProblemFormat, ProblemReport } from '../report/problem-formats/problem-format.ts';
import { PROBLEM_FORMATS } from '../report/problem-formats/problem-formats.ts';
import type { Problem } from '../values/problem.ts';
import { type AddCommand, EXIT, type Exit, type Streams } from './command.ts';
import { compilePaths, hasProblem } from './compile-paths.ts';
import { machineOption, narrowToMachine } from './narrow-to-machine.ts';
import { failOn, PATHS } from './options.ts';

interface Options {
  readonly failOn: Problem['severity'];
  readonly format: string;
  readonly machine?: string;
}

/** `nettune validate`: every problem, where it is, and what to do. */
export const addValidate: AddCommand = (program, streams, finish) => {
  program
    .command('validate')
    .description('say what is wrong with profiles: syntax, schema, and what the values would do to a host')
    .argument(...PATHS)
    .addOption(machineOption())
    .addOption(failOn())
    .addOption(
      new Option('--format <format>', `for ${PROBLEM_FORMATS.map(({ reader }) => reader).join(', ')}`)
        .choices(PROBLEM_FORMATS.map(({ id }) => id))
        .default('text'),
    )
    .action(async (paths: string[], options: Options) => finish(await validate(paths, options, streams)));
};

async function validate(paths: readonly string[], options: Options, { out, status }: Streams): Promise<Exit> {
  const { problems, profiles } = narrowToMachine(await compilePaths(paths, status.show), options.machine);
  const isFailure = (problem: Problem) => hasProblem([problem], options.failOn);
  const report: ProblemReport = { problems, profiles, isFailure, pathOf: findPathsInRepository() };
  const { load } = PROBLEM_FORMATS.find(({ id }) => id === options.format) as ProblemFormat;
  const format = await load();
  out.write(format(report, out.style));
  if (options.format === 'github') await appendStepSummary(report);
  return problems.some(isFailure) ? EXIT.problems : EXIT.clean;
}
