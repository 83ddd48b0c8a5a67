import { type Argument, Command, InvalidArgumentError, Option } from 'commander';
import { VERSION } from '#generated/texts.ts';
import { printableName, quote } from '../text/printable.ts';
import { closestName } from '../text/suggest.ts';
import type { Exit, Streams } from './command.ts';
import type { CommandRow, Example } from './commands.ts';
import { describeUsage } from './describe-usage.ts';

/** What each exit code says, for help and the manual. */
export const EXIT_MEANINGS: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'fine'],
  ['1', 'problems, or files that are out of date'],
  ['2', 'usage error, or unreadable file'],
  ['3', 'a bug in nettune'],
];

/** What somebody calls first; a test makes each call. */
export const FIRST_STEPS: readonly Example[] = [
  { call: 'nettune profiles', purpose: 'the shipped profiles' },
  { call: 'nettune explain web-server', purpose: 'what one of them sets, and why' },
  { call: 'nettune init', purpose: 'a few questions, then a repository with a profile of your own' },
];

/** nettune with these commands, as commander knows it: to run, to complete a line, or to write the manual of. */
export async function buildProgram(
  rows: readonly CommandRow[],
  streams: Streams,
  finish: (exit: Exit) => void,
): Promise<Command> {
  const program = new Command('nettune')
    .description(
      'Turns profiles of web servers, Squid proxies and NAT gateways into tuned files for them, with a reason for each value.',
    )
    .version(VERSION, '-V, --version', 'print the version')
    .addOption(new Option('--verbose', 'with --version: all that the report of a bug should say'))
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [COMMAND]', 'print the help of a command')
    .exitOverride()
    .configureHelp({
      minWidthToWrap: 16,
      optionDescription: describeUsage,
      argumentDescription: describeUsage,
      commandDescription: (command) => asSentence(command.description()),
    })
    .configureOutput({
      writeOut: streams.out.write,
      writeErr: (text) => streams.err.write(text.split('\n').map(printableName).join('\n')),
    })
    .addHelpText('after', ({ command }) => formatClosing(command));
  for (const { name, examples, load } of rows) {
    (await load())(program, streams, finish);
    const added = program.commands.find((command) => command.name() === name);
    added
      ?.helpOption('-h, --help', 'print this help')
      .addHelpText('after', () => formatExamples('Examples', examples, added));
    for (const usage of [...(added?.options ?? []), ...(added?.registeredArguments ?? [])]) suggestChoices(usage);
  }
  return program;
}

/** Of thirty distributions nobody wants to read all. */
function suggestChoices(usage: Option | Argument): void {
  const { argChoices } = usage;
  if (!argChoices) return;
  usage.argParser((typed) => {
    if (argChoices.includes(typed)) return typed;
    const likely = closestName(typed, argChoices);
    throw new InvalidArgumentError(
      likely ? `Did you mean ${quote(likely)}?` : `Allowed choices are ${argChoices.join(', ')}.`,
    );
  });
}

function asSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/\.?$/, '.');
}

function formatClosing(program: Command): string {
  const meanings = EXIT_MEANINGS.map(([code, meaning]) => `${code} ${meaning}`).join('; ');
  return `${formatExamples('First steps', FIRST_STEPS, program)}\n\n${wrapAsHelp(`Exit codes: ${meanings}.`, program)}\n\n${wrapAsHelp('`nettune COMMAND --help` says what a command takes, with examples. `man nettune` has it all on one page.', program)}`;
}

function formatExamples(title: string, examples: readonly Example[], command: Command | undefined): string {
  if (examples.length === 0 || !command) return '';
  const help = helpOf(command);
  const width = Math.max(...examples.map(({ call }) => call.length));
  const lines = examples.map(({ call, purpose }) => help.formatItem(call, width, purpose, help));
  return ['', `${title}:`, ...lines].join('\n');
}

function wrapAsHelp(text: string, command: Command): string {
  const help = helpOf(command);
  return help.boxWrap(text, help.helpWidth ?? 80);
}

/** As wide as commander's own part of the help. */
function helpOf(command: Command) {
  const help = command.createHelp();
  help.prepareContext({ helpWidth: command.configureOutput().getOutHelpWidth?.() ?? 80 });
  return Object.assign(help, command.configureHelp());
}
