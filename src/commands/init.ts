import { join } from 'node:path';
import { type Command as Commander, Option } from 'commander';
import { findRepository, realPathOf } from '../edge/repository.ts';
import { isFile, writeNewFiles } from '../edge/write-new-files.ts';
import { draftRepository, type NewFile, type RepositoryDraft } from '../init/draft-repository.ts';
import type { Answers, Question } from '../init/question.ts';
import { QUESTIONS } from '../init/questions.ts';
import { compile } from '../pipeline.ts';
import { hostProgram } from '../render-artifacts.ts';
import { formatRepository } from '../report/format-repository.ts';
import { ROLES } from '../roles/roles.ts';
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
  for (const question of QUESTIONS) if (question.flags) command.addOption(optionOf(question, question.flags));
  command
    .option('--yes', 'ask nothing: take the default for what is not said')
    .action(async (role: string | undefined, folder: string, options: Options, called: Commander) => {
      const typed = (flags: string | undefined) => (flags === undefined ? role : givenFor(flags, called));
      const draft = (answers: Answers) => draftRepository(answers, (path) => isFile(join(folder, path)));
      const answers = await answerQuestions({ typed, folder, draft, takeDefaults: options.yes ?? false }, streams.err);
      finish(await makeRepository(folder, draft(answers), streams));
    });
};

interface Options {
  readonly yes?: true;
}

function optionOf({ text, choices, isList }: Question, flags: string): Option {
  const option = new Option(flags, text);
  if (!choices) return option;
  return isList ? option.default(choices) : option.choices(choices);
}

function givenFor(flags: string, called: Commander): string | undefined {
  const name = new Option(flags).attributeName();
  return called.getOptionValueSource(name) === 'cli' ? called.getOptionValue(name) : undefined;
}

/** Nothing is written of answers that are each a good one, and do not fit together. */
async function makeRepository(folder: string, draft: RepositoryDraft, { out, err }: Streams): Promise<Exit> {
  const { compiled, problems } = compileProfile(draft.files);
  reportProblems(problems, err);
  if (hasProblem(problems, 'error')) {
    err.write('these answers do not fit together; nothing was written\n');
    return EXIT.problems;
  }
  const artifacts = [hostProgram, ...compiled.flatMap((each) => each.artifacts())];
  await writeNewFiles(folder, [...draft.files, ...artifacts.map((each) => ({ ...each, path: `out/${each.path}` }))]);
  const found = realPathOf(folder);
  out.write(formatRepository({ folder, ...draft, artifacts, found, repository: findRepository(found) }, out.style));
  return EXIT.clean;
}

function compileProfile(files: readonly NewFile[]): Compilation {
  const profiles = files.filter(({ path }) => path.startsWith('profiles/'));
  const sources = profiles.map(({ path, content }) => sourceOf(path, content));
  return compile(sources, () => ({ fault: 'is not there', remedy: 'extend a shipped profile' }));
}
