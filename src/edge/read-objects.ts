import { MAX_SOURCE_BYTES } from '../parse-document.ts';
import { askGit, MOST_BYTES } from './git.ts';

/**
 * The bytes of files by the names of their objects, so that git need not be started for each. Left out is what is larger
 * than a profile may be, what is no file, and what comes after an object that git gives up at.
 */
export function readObjects(repository: string, objects: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const small = askFor('--batch-check', objects, repository)
    .toString('latin1')
    .split('\n')
    .map(readHeader)
    .filter(({ kind, size }) => kind === 'blob' && size <= MAX_SOURCE_BYTES)
    .map(({ object }) => object);
  return splitAnswer(askFor('--batch', small, repository));
}

function askFor(how: string, objects: readonly string[], repository: string): Buffer {
  const input = objects.map((object) => `${object}\n`).join('');
  return askGit(repository, ['cat-file', how], { input, mostBytes: MOST_BYTES }).bytes;
}

/** `8baef1b4… blob 112`; or `8baef1b4… missing`. */
function readHeader(line: string) {
  const [object = '', kind, size] = line.split(' ');
  return { object, kind, size: Number(size) };
}

/** Each file has a line in front of it, and the end of a line behind. */
function splitAnswer(answer: Buffer): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let start = 0; ; ) {
    const begin = answer.indexOf('\n', start) + 1;
    const { object, size } = readHeader(answer.toString('latin1', start, begin));
    const end = begin + size;
    if (!(end < answer.length)) return files; // not a number where nothing is left
    files.set(object, answer.subarray(begin, end));
    start = end + 1;
  }
}
