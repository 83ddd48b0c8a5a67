import type { CommanderError } from 'commander';
import { VERSION } from '#generated/texts.ts';
import { endBySignal, Interrupted } from '../edge/interruption.ts';
import { describeSystemError, isSystemError, Misuse } from '../edge/misuse.ts';
import { printable, quote } from '../text/printable.ts';
import { EXIT, type Exit, type Stream, type Streams } from './command.ts';
import { COMMANDS } from './commands.ts';

/** Runs what the arguments ask for; `finish` takes the exit code. Whatever goes wrong is told on `streams.err`. */
export async function runProgram(
  argv: readonly string[],
  streams: Streams,
  finish: (exit: Exit) => void,
): Promise<void> {
  try {
    await run(argv, streams, finish);
  } catch (error) {
    if (error instanceof Interrupted) return reportInterruption(error, streams.err);
    finish(reportFailure(error, streams.err));
  } finally {
    streams.status.clear();
  }
}

async function run(argv: readonly string[], streams: Streams, finish: (exit: Exit) => void): Promise<void> {
  if (argv[2] === '--version' || argv[2] === '-V') return streams.out.write(await describeVersion(argv)); // before anything is loaded
  await refuseUnknownCommand(argv);
  const { buildProgram } = await import('./program.ts');
  const program = await buildProgram(listCalled(argv), streams, finish);
  await program.parseAsync(argv);
}

async function describeVersion(argv: readonly string[]): Promise<string> {
  if (!argv.includes('--verbose')) return `${VERSION}\n`;
  const { describeInstallation } = await import('../edge/describe-installation.ts');
  return describeInstallation();
}

/** Also where help is asked for: of a command that does not exist there is none. */
async function refuseUnknownCommand([, , first, second]: readonly string[]): Promise<void> {
  const name = first === 'help' ? second : first;
  const names = COMMANDS.map((row) => row.name);
  if (name === undefined || name === 'help' || name.startsWith('-') || names.includes(name)) return;
  const { suggest } = await import('../text/suggest.ts');
  throw new Misuse(`there is no command ${quote(name)}: ${suggest(name, names, 'the commands are')}`);
}

/** The command that is called, if one is; all of them for help. */
function listCalled(argv: readonly string[]): typeof COMMANDS {
  const called = COMMANDS.filter(({ name }) => name === argv[2]);
  return called.length > 0 ? called : COMMANDS;
}

function reportInterruption({ message, signal }: Interrupted, { write }: Stream): void {
  write(`interrupted: ${message}\n`);
  endBySignal(signal);
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
    `This is a bug in nettune ${VERSION}. Please report it with what follows, the profile, and what \`nettune --version --verbose\` says.\n${trace.split('\n').map(printable).join('\n')}\n`,
  );
  return EXIT.bug;
}

/** commander's way out, after it has said why: help was asked for (0), or the usage is wrong. */
function isUsageError(error: unknown): error is CommanderError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('commander.');
}
