import { runProgram } from './commands/run-program.ts';
import { openStreams } from './edge/open-streams.ts';

// The edge: arguments, streams and the exit code are touched here and nowhere else.
void runProgram(process.argv, openStreams(), (exit) => {
  process.exitCode = exit;
});
