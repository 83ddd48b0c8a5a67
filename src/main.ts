import type { Command, CommanderError } from 'commander';
import { VERSION } from '#generated/texts.ts';
import { EXIT, type Exit, type Stream, type Streams } from './commands/command.ts';
import { COMMANDS } from './commands/commands.ts';
import { describeSystemError, isSystemError, Misuse } from './edge/misuse.ts';
import { coloured, plain } from './report/style.ts';
import { printable, printableName } from './text/printable.ts';

/** The edge: arguments, streams and the exit code are touched here and nowhere else. */
async function main(): Promise<void> {
  const streams: Streams = { out: openStream(process.stdout), err: openStream(process.stderr) };
  try {
    await run(process.argv, streams, (exit) => {
      process.exitCode = exit;
    });
  } catch (error) {
    process.exitCode = reportFailure(error, streams.err);
  }
}

async function run(argv: readonly string[], streams: Streams, finish: (exit: Exit) => void): Promise<void> {
  if (argv[2] === '--version') return streams.out.write(`${VERSION}\n`); // before anything is loaded
  const { Command: Commander } = await import('commander');
  const program = new Commander('nettune')
    .description(
      'Turns profiles of web servers, Squid proxies and NAT gateways into tuned files for them, with a reason for each value.',
    )
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: streams.out.write,
      writeErr: (text) => streams.err.write(text.split('\n').map(printableName).join('\n')),
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 fine; 1 problems, or files that are out of date; 2 called wrongly, or a file that is out of reach; 3 a bug.',
    );
  for (const row of listCalled(argv)) await addCommand(row, program, streams, finish);
  await program.parseAsync(argv);
}

async function addCommand(
  { name, examples, load }: (typeof COMMANDS)[number],
  program: Command,
  streams: Streams,
  finish: (exit: Exit) => void,
): Promise<void> {
  (await load())(program, streams, finish);
  const added = program.commands.find((command) => command.name() === name);
  added?.addHelpText('after', formatExamples(examples));
}

function formatExamples(examples: (typeof COMMANDS)[number]['examples']): string {
  const width = Math.max(...examples.map(({ call }) => call.length));
  return ['', 'Examples:', ...examples.map(({ call, purpose }) => `  ${call.padEnd(width)}  ${purpose}`)].join('\n');
}

/** The command that is called, if one is; all of them for help. */
function listCalled(argv: readonly string[]): typeof COMMANDS {
  const called = COMMANDS.filter(({ name }) => name === argv[2]);
  return called.length > 0 ? called : COMMANDS;
}

function reportFailure(error: unknown, { write, style }: Stream): Exit {
  if (isUsageError(error)) return error.exitCode === 0 ? EXIT.clean : EXIT.misuse;
  if (error instanceof Misuse) {
    write(`${style('red', 'error')}: ${error.message}\n`);
    return EXIT.misuse;
  }
  if (isSystemError(error)) {
    write(`${style('red', 'error')}: ${describeSystemError(error)}\n`);
    return EXIT.misuse;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  write(
    `This is a bug in nettune ${VERSION}. Please report it with what follows and the profile.\n${trace.split('\n').map(printable).join('\n')}\n`,
  );
  return EXIT.bug;
}

/** commander's way out, after it has said why: help was asked for (0), or the usage is wrong. */
function isUsageError(error: unknown): error is CommanderError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}

function openStream(stream: NodeJS.WriteStream): Stream {
  stream.on('error', (error: { code?: string }) => {
    if (error.code === 'EPIPE') process.exit(); // the reader has had enough, as with `| head`
    const other = stream === process.stdout ? process.stderr : process.stdout;
    other.write(`error: the output cannot be written: ${describeSystemError(error)}\n`, () =>
      process.exit(EXIT.misuse),
    );
  });
  const isColoured = stream.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
  return { write: (text) => stream.write(text), style: isColoured ? coloured : plain, isTerminal: stream.isTTY };
}

void main();
