import type { Command, Option } from 'commander';
import { VERSION } from '#generated/texts.ts';
import type { Stream } from '../commands/command.ts';
import { COMMANDS, type CommandRow } from '../commands/commands.ts';
import { describeUsage } from '../commands/describe-usage.ts';
import { buildProgram, EXIT_MEANINGS } from '../commands/program.ts';
import { plain } from '../report/style.ts';
import { bold, italic, roff, roffProse } from './roff.ts';

/** When what is said here, and not in the definitions of commands, was last changed. */
const REVISED = '2026-11-30';

const ENVIRONMENT: readonly Entry[] = [
  ['NO_COLOR', 'When it is set and not empty, nothing is coloured. Colour goes to a terminal only.'],
  ['TERM', 'With `dumb` there is neither colour nor a line that says how far a long run is.'],
  ['LC_ALL, LC_CTYPE, LANG', 'On a terminal whose locale is not UTF-8, nettune writes ASCII. Files are always UTF-8.'],
];

const FILES: readonly Entry[] = [
  ['profiles/', 'Where profiles are looked for when no PATH is given: `*.yaml` and `*.yml`.'],
  ['profiles/_*.yaml', 'Bases: other profiles extend them, and nothing is rendered from them.'],
  ['out/nettune-host', 'The program that puts a plan into effect on a host. It is the same for every profile.'],
  [
    'out/PROFILE/',
    'What `nettune render` writes for a profile: `etc/` as it is to lie on the host, the `plan` for `nettune-host`, `playbook.yml` and `roles/` for Ansible.',
  ],
];

/** A term, and what is said of it. */
type Entry = readonly [term: string, text: string];

/** nettune(1), by the definitions of all commands. */
export async function formatManual(): Promise<string> {
  const silent: Stream = { write: () => {}, style: plain, isTerminal: false };
  const streams = { out: silent, err: silent, status: { show: () => {}, clear: () => {} } };
  const program = await buildProgram(COMMANDS, streams, () => {});
  const lines = [
    `.TH NETTUNE 1 ${REVISED} "nettune ${VERSION}" "User Commands"`,
    '.nh\n.ad l', // what is to be typed is not hyphenated
    '.SH NAME',
    'nettune \\- compile profiles of network tuning into the files of a Linux host',
    '.SH SYNOPSIS',
    ...program.commands.flatMap((command, index) => [...(index > 0 ? ['.br'] : []), synopsisOf(command)]),
    '.SH DESCRIPTION',
    roffProse(program.description()),
    '.SH OPTIONS',
    ...program.createHelp().visibleOptions(program).flatMap(formatOption),
    '.SH COMMANDS',
    ...program.commands.flatMap(formatCommand),
    '.SH EXIT STATUS',
    ...formatEntries(EXIT_MEANINGS),
    '.PP',
    'A signal ends nettune between two files, each of them whole; its exit status tells of the signal.',
    '.SH ENVIRONMENT',
    ...formatEntries(ENVIRONMENT),
    '.SH FILES',
    ...formatEntries(FILES),
    '.SH EXAMPLES',
    ...COMMANDS.flatMap(formatExamples),
    '.SH SEE ALSO',
    '.BR sysctl.d (5),\n.BR modprobe.d (5),\n.BR iptables (8),\n.BR nft (8)',
  ];
  return `${lines.join('\n')}\n`;
}

function synopsisOf(command: Command): string {
  const words = command
    .usage()
    .split(' ')
    .map((word) => word.replace(/[\w.]+/, (name) => `\0${name}\0`));
  const usage = words.map((word) =>
    word
      .split('\0')
      .map((part, index) => (index % 2 === 1 ? italic(part) : roff(part)))
      .join(''),
  );
  return [bold(`nettune ${command.name()}`), ...usage].join(' ');
}

function formatCommand(command: Command): string[] {
  const help = command.createHelp();
  const args = command.registeredArguments.map((each): [string, string] => [italic(each.name()), describeUsage(each)]);
  return [
    `.SS "${roff(command.name())}"`,
    synopsisOf(command),
    '.PP',
    roffProse(help.commandDescription(command)),
    ...args.flatMap(([term, text]) => ['.TP', term, roffProse(text)]),
    ...command.options.flatMap(formatOption),
  ];
}

function formatOption(option: Option): string[] {
  const [flags = '', value] = option.flags.split(/ (?=[<[])/);
  return ['.TP', [bold(flags), ...(value ? [italic(value)] : [])].join(' '), roffProse(describeUsage(option))];
}

function formatEntries(entries: readonly Entry[]): string[] {
  return entries.flatMap(([term, text]) => ['.TP', bold(term), roffProse(text)]);
}

function formatExamples({ examples }: CommandRow): string[] {
  return examples.flatMap(({ call, purpose }) => ['.TP', bold(call), roffProse(purpose)]);
}
