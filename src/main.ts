import { Command, CommanderError } from 'commander';
import { VERSION } from '#generated/texts.ts';
import { EXIT, type Exit, type Stream, type Streams } from './commands/command.ts';
import { COMMANDS } from './commands/commands.ts';
import { Misuse } from './edge/misuse.ts';
import { coloured, plain } from './report/style.ts';
import { printable } from './text/printable.ts';

/** The edge: arguments, streams and the exit code are touched here and nowhere else. */
function main(): void {
  const streams: Streams = { out: openStream(process.stdout), err: openStream(process.stderr) };
  try {
    run(process.argv, streams, (exit) => {
      process.exitCode = exit;
    });
  } catch (error) {
    process.exitCode = reportFailure(error, streams.err);
  }
}

function run(argv: readonly string[], streams: Streams, finish: (exit: Exit) => void): void {
  const program = new Command('nettune')
    .description('Compiles declarative network-tuning profiles into the files a Linux host needs, and says why.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: streams.out.write,
      writeErr: (text) => streams.err.write(text.split('\n').map(printable).join('\n')),
    })
    .addHelpText(
      'after',
      '\nExit codes: 0 clean, 1 problems found or out of date, 2 wrong usage or a file cannot be read or written, 3 a bug.',
    );
  for (const add of COMMANDS) add(program, streams, finish);
  for (const command of program.commands) command.copyInheritedSettings(program);
  program.parse(argv);
}

function reportFailure(error: unknown, { write, style }: Stream): Exit {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.misuse;
  if (error instanceof Misuse) {
    write(`${style('red', 'error')}: ${error.message}\n`);
    return EXIT.misuse;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  write(
    `This is a bug in nettune ${VERSION}. Please report it with what follows and the profile.\n${trace.split('\n').map(printable).join('\n')}\n`,
  );
  return EXIT.bug;
}

function openStream(stream: NodeJS.WriteStream): Stream {
  stream.on('error', (error: { code?: string }) => {
    if (error.code === 'EPIPE') process.exit(); // the reader has had enough, as with `| head`
    throw error;
  });
  const isColoured = stream.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
  return { write: (text) => stream.write(text), style: isColoured ? coloured : plain };
}

main();
