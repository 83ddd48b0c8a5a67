import { Argument } from 'commander';
import { texts } from '#generated/templates.js';
import { completeLine } from '../usage/complete-line.ts';
import { type AddCommand, EXIT, type Streams } from './command.ts';
import { COMMANDS } from './commands.ts';
import { buildProgram } from './program.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** `nettune completion`: what has a shell complete nettune's arguments; with words, what may stand for the last of them. */
export const addCompletion: AddCommand = (program, streams, finish) => {
  program
    .command('completion')
    .description('print what has a shell complete the arguments of nettune')
    .addArgument(new Argument('<SHELL>', 'the shell that reads it').choices(SHELLS))
    .argument('[WORD...]', 'asked by that script: the words of a line, of which the last is to be completed')
    .action(async (shell: (typeof SHELLS)[number], words: string[]) => {
      streams.out.write(words.length === 0 ? scriptFor(shell) : await answer(words, streams));
      finish(EXIT.clean);
    });
};

function scriptFor(shell: string): string {
  const script = texts[`completion/nettune.${shell}`];
  if (script === undefined) throw new Error(`there is no script for ${shell}`);
  return script;
}

/** On the first line which files to offer, then a word on each, with its purpose after a tab. */
async function answer(given: readonly string[], streams: Streams): Promise<string> {
  const words = joinValues(given);
  const called = COMMANDS.filter(({ name }) => words.length > 1 && name === words[0]);
  const program = await buildProgram(called.length > 0 ? called : COMMANDS, streams, () => {});
  const completion = await completeLine(program, words);
  return [completion.files, ...completion.words.map(({ value, purpose }) => `${value}\t${purpose}`), ''].join('\n');
}

/** bash takes `--format=json` for three words. */
function joinValues(words: readonly string[]): string[] {
  return words.reduce<string[]>((joined, word, index) => {
    const isJoined = joined.length > 0 && (word === '=' || words[index - 1] === '=');
    return isJoined ? [...joined.slice(0, -1), `${joined.at(-1)}${word}`] : [...joined, word];
  }, []);
}
