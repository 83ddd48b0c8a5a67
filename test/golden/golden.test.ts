import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { callNettune } from '../support/call-nettune.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { readTree, type Tree, writeTree } from '../support/tree.ts';

/**
 * A case is a folder: `profile.yaml`, and in `out/` what is made of it, byte for byte. A case named `CASE@VARIANT` is
 * the same profile on another distribution, or with another key: it holds only what differs from CASE, and in `gone.txt`
 * what is not made there.
 * `npm run golden` writes all of it anew.
 */
const HERE = dirname(fileURLToPath(import.meta.url));
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const cases = readdirSync(HERE, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

describe.each(cases)('%s', (name) => {
  it('renders to its golden folder: no file differs, none is missing, none is too many', async () => {
    const folder = temporaryFolder();
    const run = await callNettune(['render', join(HERE, name, 'profile.yaml'), '-o', folder]);
    expect(run.stderr).toBe('');
    // The host program is that of templates/host, and the same for all.
    const { 'nettune-host': program, ...stored } = readTree(folder);
    expect(program).toMatch(/^\(executable\)\n#!\/bin\/sh\n/);
    if (UPDATE) updateGolden(name, stored);
    const golden = readGolden(name);
    expect(stored, `other than expected: ${listDiffering(stored, golden).join(', ')}`).toEqual(golden);
  });
});

function listDiffering(one: Tree, other: Tree): string[] {
  return Object.keys({ ...other, ...one }).filter((path) => one[path] !== other[path]);
}

function readGolden(name: string): Tree {
  const own = readTree(join(HERE, name, 'out'));
  const [base, distribution] = name.split('@');
  if (!base || !distribution) return own;
  const merged: Tree = { ...readGolden(base), ...own };
  for (const path of readGone(name)) delete merged[path];
  return merged;
}

function readGone(name: string): string[] {
  const file = join(HERE, name, 'gone.txt');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
}

function updateGolden(name: string, tree: Tree): void {
  const [base, distribution] = name.split('@');
  const shared = base && distribution ? readGolden(base) : {};
  writeTree(
    join(HERE, name, 'out'),
    Object.fromEntries(Object.entries(tree).filter(([path, content]) => shared[path] !== content)),
  );
  const gone = Object.keys(shared).filter((path) => !(path in tree));
  rmSync(join(HERE, name, 'gone.txt'), { force: true });
  if (gone.length > 0) writeFileSync(join(HERE, name, 'gone.txt'), `${gone.join('\n')}\n`);
}
