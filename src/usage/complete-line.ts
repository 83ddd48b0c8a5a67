import type { Argument, Command, Option } from 'commander';
import { choiceOf } from '../commands/describe-usage.ts';
import { type Files, findPlaceholder } from './placeholders.ts';

/** What may stand where the last word of a line does. The shell keeps what begins as that word does. */
export interface Completion {
  readonly words: readonly Word[];
  readonly files: Files;
}

interface Word {
  readonly value: string;
  readonly purpose: string;
}

const NOTHING: Completion = { words: [], files: 'none' };

/** The words after `nettune`, of which the last one, perhaps empty, is to be completed. */
export async function completeLine(program: Command, words: readonly string[]): Promise<Completion> {
  const [first = '', ...others] = words;
  if (others.length === 0) return first.startsWith('-') ? listOptions(program) : listCommands(program);
  if (first === 'help') return others.length === 1 ? listCommands(program) : NOTHING;
  const command = program.commands.find((each) => each.name() === first);
  return command ? completeArguments(command, others) : NOTHING;
}

function listCommands(program: Command): Completion {
  const commands = program.createHelp().visibleCommands(program);
  return { words: commands.map((each) => ({ value: each.name(), purpose: each.description() })), files: 'none' };
}

function listOptions(command: Command): Completion {
  const words = visibleOptions(command).flatMap(({ short, long, description }) =>
    [long, short].flatMap((value) => (value ? [{ value, purpose: description }] : [])),
  );
  return { words, files: 'none' };
}

function visibleOptions(command: Command): Option[] {
  return command.createHelp().visibleOptions(command);
}

async function completeArguments(command: Command, words: readonly string[]): Promise<Completion> {
  const current = words.at(-1) ?? '';
  const { pending, position, isOnlyArguments } = readWords(command, words.slice(0, -1));
  if (pending) return completeValue(pending, command, current);
  if (current.startsWith('-') && !isOnlyArguments) return completeOption(command, current);
  const argument = command.registeredArguments[position] ?? command.registeredArguments.at(-1);
  if (!argument || (position >= command.registeredArguments.length && !argument.variadic)) return NOTHING;
  return completeValue(argument, command, current);
}

/** What the words before the last one leave open. */
interface Opening {
  /** An option that waits for its value. */
  readonly pending?: Option;
  /** How many arguments there are already. */
  readonly position: number;
  /** After `--` nothing is an option. */
  readonly isOnlyArguments?: true;
}

function readWords(command: Command, words: readonly string[]): Opening {
  let position = 0;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (word === '--') return { position: position + words.length - index - 1, isOnlyArguments: true };
    const option = findOption(command, word);
    if (option?.required) {
      if (index === words.length - 1) return { pending: option, position };
      index++; // its value
    } else if (word === '-' || !word.startsWith('-')) position++;
  }
  return { position };
}

function findOption(command: Command, word: string): Option | undefined {
  return visibleOptions(command).find(({ short, long }) => word === short || word === long);
}

/** Its name, or after `=` its value. */
async function completeOption(command: Command, current: string): Promise<Completion> {
  const [name = '', value] = current.split(/=(.*)/s);
  const option = findOption(command, name);
  if (value === undefined) return listOptions(command);
  if (!option?.required) return NOTHING;
  const { words } = await completeValue(option, command, value);
  return { words: words.map((word) => ({ ...word, value: `${name}=${word.value}` })), files: 'none' };
}

async function completeValue(usage: Option | Argument, command: Command, current: string): Promise<Completion> {
  const choice = choiceOf(usage);
  const choices = choice?.isList ? continueList(choice.words, current) : (choice?.words ?? []);
  const placeholder = findPlaceholder(placeholderOf(usage), command.name());
  const words = (await placeholder?.words?.(current)) ?? [];
  return { words: toWords([...choices, ...words]), files: placeholder?.files ?? 'none' };
}

/** `folder` of `-o, --output <folder>`; the name of an argument. */
function placeholderOf(usage: Option | Argument): string {
  return 'flags' in usage ? (/[<[](\w+)/.exec(usage.flags)?.[1] ?? '') : usage.name();
}

/** A list with one of the words that it lacks. */
function continueList(words: readonly string[], current: string): string[] {
  const given = current.split(',').slice(0, -1);
  return words.filter((word) => !given.includes(word)).map((word) => [...given, word].join(','));
}

function toWords(values: readonly string[]): Word[] {
  return [...new Set(values)].map((value) => ({ value, purpose: '' }));
}
