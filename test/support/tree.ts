import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Every file below a folder: its path, and its content after a line with its mode where it can be executed. */
export type Tree = Record<string, string>;

const EXECUTABLE = '(executable)\n';

export function readTree(folder: string): Tree {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [relative(folder, path), readFile(path)]));
}

function readFile(path: string): string {
  return (statSync(path).mode & 0o111 ? EXECUTABLE : '') + readFileSync(path, 'utf8');
}

/** Makes the folder hold exactly this tree. */
export function writeTree(folder: string, tree: Tree): void {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const isExecutable = content.startsWith(EXECUTABLE);
    writeFileSync(join(folder, path), isExecutable ? content.slice(EXECUTABLE.length) : content, {
      mode: isExecutable ? 0o755 : 0o644,
    });
  }
}
