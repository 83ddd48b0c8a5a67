// Joins the parts in templates/host/ to one program of sh, so that a host gets one file and the source stays in small ones.
import { readdir, readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

const FOLDER = 'templates/host';

/** What each kind of part becomes: a function that defines the functions in it, or one that prints it. */
const FUNCTIONS = {
  '.sh': (/** @type {string} */ name, /** @type {string} */ text) =>
    `part_${name.slice(0, -'.sh'.length).replaceAll('-', '_')}() {\n${text}}\n`,
  '.awk': printText,
  '.bash': printText,
};

/**
 * By what the shell itself can do: a document in the script would take two processes more, hundreds of times in a run.
 * @type {(name: string, text: string) => string}
 */
function printText(name, text) {
  const quoted = text.replaceAll("'", "'\\''");
  return `text_${name.replaceAll(/[.-]/g, '_')}() {\n  # shellcheck disable=SC2016\n  printf %s '${quoted}'\n}\n`;
}

/**
 * The program, whose parts are functions; main.sh comes first.
 * @param {string} version of the package
 * @param {string[]} settable names of parameters, besides those of net., that a plan may set
 */
export async function joinHost(version, settable) {
  const files = (await readdir(FOLDER, { recursive: true })).filter((path) => extname(path) in FUNCTIONS).sort();
  const parts = files.filter((path) => path !== 'main.sh');
  const names = parts.map((path) => basename(path));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new Error(`two parts of the host program are called ${twice}`);
  const main = await readFile(join(FOLDER, 'main.sh'), 'utf8');
  const functions = await Promise.all(
    parts.map(async (path) => {
      const extension = /** @type {keyof typeof FUNCTIONS} */ (extname(path));
      return FUNCTIONS[extension](basename(path), await readFile(join(FOLDER, path), 'utf8'));
    }),
  );
  // On one line, so that the shell has read everything before it runs anything: the file may go while it runs.
  return [
    main.replace('@version@', version).replace('@settable@', settable.join(' ')),
    ...functions,
    'main "$@"; exit\n',
  ].join('\n');
}
