import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';

/** ARCHITECTURE.md is a tree with a caption on each line: indentation of two blanks, the name, and after it the caption. */
function readTreeOf(markdown: string): { path: string; caption: string }[] {
  const lines = /```text\n([\s\S]*?)```/.exec(markdown)?.[1]?.trimEnd().split('\n') ?? [];
  const folders: string[] = [];
  return lines.map((line) => {
    const [, indent = '', name = '', caption = ''] = /^( *)(\S+)\s*(.*)$/.exec(line) ?? [];
    folders.splice(indent.length / 2, folders.length, name.replace(/\/$/, ''));
    return { path: folders.join('/'), caption };
  });
}

/** What the tree tells one by one: everything at the top, in src/ and templates/host, and the layers of test/; of the rest, the folders. */
const TOLD = /^[^/]+$|^src\/|^(templates|templates\/host|test)\/[^/]+$/;

it('ARCHITECTURE.md tells every file there is, none that is gone, and each with a caption', () => {
  const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: CHECKOUT, encoding: 'utf8' })
    .trim()
    .split('\n');
  const withFolders = new Set(
    tracked.flatMap((path) => path.split('/').map((_, index, steps) => steps.slice(0, index + 1).join('/'))),
  );
  const tree = readTreeOf(readFileSync(join(CHECKOUT, 'ARCHITECTURE.md'), 'utf8'));
  expect(tree.map(({ path }) => path).sort()).toEqual([...withFolders].filter((path) => TOLD.test(path)).sort());
  expect(tree.filter(({ caption }) => caption === '')).toEqual([]);
});
