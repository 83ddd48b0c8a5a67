import type { Problem } from '../values/problem.ts';
import { type AddCommand, EXIT } from './command.ts';
import { compilePaths, hasProblem, reportProblems, summarize } from './compile-paths.ts';
import { failOn, PATHS } from './options.ts';

/** `nettune validate`: every problem, where it is, and what to do. */
export const addValidate: AddCommand = (program, { out, status }, finish) => {
  program
    .command('validate')
    .description('say what is wrong with profiles: syntax, schema, and what the values would do to a host')
    .argument(...PATHS)
    .addOption(failOn())
    .action(async (paths: string[], options: { failOn: Problem['severity'] }) => {
      const { problems, count } = await compilePaths(paths, status.show);
      reportProblems(problems, out);
      out.write(`${summarize(count, problems)}\n`);
      finish(hasProblem(problems, options.failOn) ? EXIT.problems : EXIT.clean);
    });
};
