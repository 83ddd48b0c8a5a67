import { EXIT, type Stream, type Streams } from '../commands/command.ts';
import { coloured, plain } from '../report/style.ts';
import { toAscii } from '../text/to-ascii.ts';
import { describeSystemError } from './misuse.ts';

/** Standard output and standard error, and the one line below them that says how far a long run is. */
export function openStreams(): Streams {
  const status = statusLine(process.stderr);
  return { out: openStream(process.stdout, status.clear), err: openStream(process.stderr, status.clear), status };
}

function openStream(stream: NodeJS.WriteStream, clear: () => void): Stream {
  stream.on('error', (error) => endOutput(stream, error));
  const isColoured = stream.isTTY && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
  const encode = stream.isTTY && !isUnicode(process.env) ? toAscii : (text: string) => text;
  const write = (text: string) => {
    if (stream.isTTY) clear();
    stream.write(encode(text));
  };
  return { write, style: isColoured ? coloured : plain, isTerminal: stream.isTTY ?? false };
}

function endOutput(stream: NodeJS.WriteStream, error: Error): void {
  const isErr = stream === process.stderr;
  if ((error as { code?: string }).code === 'EPIPE') {
    if (isErr) return; // nobody listens; the work is done all the same
    process.exit(); // the reader has had enough, as with `| head`
  }
  const other = isErr ? process.stdout : process.stderr;
  other.write(`error: the output cannot be written: ${describeSystemError(error)}\n`, () => process.exit(EXIT.misuse));
}

/** What the C library would make of the environment; a terminal of such a locale shows three letters for each `×`. */
function isUnicode(environment: NodeJS.ProcessEnv): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || 'C';
  return /utf-?8/i.test(locale);
}

/** Seconds of which nobody asks how far it is. */
const PATIENCE_MILLISECONDS = 1000;

const BETWEEN_MILLISECONDS = 100;

const ERASE_LINE = '\r\u001b[K';

/** Nothing, unless a person looks on, has waited, and has a terminal that can rewrite a line. */
function statusLine(stream: NodeJS.WriteStream): Streams['status'] {
  let next = PATIENCE_MILLISECONDS; // on a clock that starts with the process
  let isShown = false;
  const isPossible = stream.isTTY && !['', 'dumb'].includes(process.env['TERM'] ?? '');
  const clear = () => {
    if (isShown) stream.write(ERASE_LINE);
    isShown = false;
  };
  const show = (text: string) => {
    if (!isPossible || performance.now() < next) return;
    next = performance.now() + BETWEEN_MILLISECONDS;
    stream.write(`${ERASE_LINE}${text.slice(0, (stream.columns || 80) - 1)}`);
    isShown = true;
  };
  return { show, clear };
}
