import { type Command as Commander, InvalidArgumentError, Option } from 'commander';
import { findRepository, realPathOf } from '../edge/repository.ts';
import { writeNewFiles } from '../edge/write-new-files.ts';
import { draftRepository, type NewFile } from '../init/draft-repository.ts';
import type { Answers } from '../init/question.ts';
import { QUESTIONS } from '../init/questions.ts';
import { CI_SYSTEMS, type CiSystem } from '../init/repository-files.ts';
import { compile } from '../pipeline.ts';
import { formatRepository } from '../report/format-repository.ts';
import { ROLES } from '../roles/roles.ts';
import { suggest } from '../text/suggest.ts';
import type { Compilation } from '../values/compilation.ts';
import { sourceOf } from '../values/source.ts';
import { type AddCommand, EXIT, type Exit, type Streams } from './command.ts';
import { hasProblem, reportProblems } from './compile-paths.ts';
import { answerQuestions } from './init-answers.ts';

/** `nettune init`: a repository of profiles with a first one, what it renders to, and what checks and deploys it. */
export const addInit: AddCommand = (program, streams, finish) => {
  const command = program
    .command('init')
    .description('make a repository of profiles: a first one, its artifacts, and what checks and deploys them')
    .argument('[ROLE]', `one of ${ROLES.map(({ role }) => role).join(', ')}`)
    .argument('[FOLDER]', 'where; made when it is missing', '.');
  for (const { flags, text, choices } of QUESTIONS) {
    if (!flags) continue;
    const option = new Option(flags, text);
    command.addOption(choices ? option.choices(choices) : option);
  }
  command
    .option('--ci <systems>', 'files for CI, with commas; or none', parseSystems, CI_SYSTEMS as readonly CiSystem[])
    .option('--yes', 'ask nothing: take the default for what is not said')
    .action(async (role: string | undefined, folder: string, options: Options, called: Commander) => {
      const typed = (flags: string | undefined) =>
        flags === undefined ? role : called.getOptionValue(new Option(flags).attributeName());
      const draft = (answers: Answers) => draftRepository(answers, options.ci);
      const answers = await answerQuestions({ typed, folder, draft, takeDefaults: options.yes ?? false }, streams.err);
      finish(await makeRepository(folder, draft(answers), streams));
    });
};

interface Options {
  readonly ci: readonly CiSystem[];
  readonly yes?: true;
}

/** Nothing is written of answers that are each a good one, and do not fit together. */
async function makeRepository(folder: string, files: readonly NewFile[], { out, err }: Streams): Promise<Exit> {
  const { compiled, problems } = compileProfile(files);
  reportProblems(problems, err);
  if (hasProblem(problems, 'error')) {
    err.write('these answers do not fit together; nothing was written\n');
    return EXIT.problems;
  }
  const artifacts = compiled.flatMap((each) => each.artifacts());
  await writeNewFiles(folder, [...files, ...artifacts.map((each) => ({ ...each, path: `out/${each.path}` }))]);
  const found = realPathOf(folder);
  out.write(formatRepository({ folder, files, artifacts, found, repository: findRepository(found) }, out.style));
  return EXIT.clean;
}

function compileProfile(files: readonly NewFile[]): Compilation {
  const profiles = files.filter(({ path }) => path.startsWith('profiles/'));
  const sources = profiles.map(({ path, content }) => sourceOf(path, content));
  return compile(sources, () => ({ fault: 'is not there', remedy: 'extend a shipped profile' }));
}

function parseSystems(text: string): readonly CiSystem[] {
  if (text === 'none') return [];
  return text.split(',').map((name) => {
    const system = CI_SYSTEMS.find((each) => each === name.trim());
    if (system) return system;
    throw new InvalidArgumentError(`There is no ${name}: ${suggest(name, [...CI_SYSTEMS, 'none'], 'choose of')}`);
  });
}
