import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { callNettune } from '../support/call-nettune.ts';

/**
 * A case is a folder: `profile.yaml` (or a folder `profiles`), and in `report.txt` what `nettune validate` says of it,
 * letter for letter. `npm run golden` writes the reports anew.
 */
const HERE = dirname(fileURLToPath(import.meta.url));
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const foldersOf = (folder: string) =>
  readdirSync(join(HERE, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );

async function report(folder: string, file: string): Promise<string> {
  const { code, stdout, stderr } = await callNettune(['validate', file], { cwd: folder });
  return `${stdout}${stderr}exit code ${code}\n`;
}

function compare(path: string, actual: string): void {
  if (UPDATE) writeFileSync(path, actual);
  expect(actual).toBe(readFileSync(path, 'utf8'));
}

describe('what is wrong with a file', () => {
  it.each(foldersOf('cases'))('%s', async (name) => {
    const folder = join(HERE, 'cases', name);
    compare(
      join(folder, 'report.txt'),
      await report(folder, existsSync(join(folder, 'profiles')) ? 'profiles' : 'profile.yaml'),
    );
  });
});

/** Each check has a profile that fails it and one, as alike as can be, that passes. */
describe('what would go wrong on a host', () => {
  const checks = readdirSync(join(HERE, '../../src/checks')).map((file) => file.replace('.ts', ''));
  const ids = [
    ...checks.filter((name) => name !== 'check' && name !== 'checks'),
    'allow-silences-something',
    'name-is-unique',
  ].sort();

  it('is tested for every check there is, and for no other', () => {
    expect(foldersOf('checks').sort()).toEqual(ids);
  });

  it.each(ids)('%s', async (id) => {
    const folder = join(HERE, 'checks', id);
    compare(
      join(folder, 'report.txt'),
      await report(folder, existsSync(join(folder, 'failing')) ? 'failing' : 'failing.yaml'),
    );
    expect(readFileSync(join(folder, 'report.txt'), 'utf8')).toContain(`[${id}]`);
    const passing = await report(folder, existsSync(join(folder, 'passing')) ? 'passing' : 'passing.yaml');
    expect(passing).toMatch(/^\d profiles?: no problems\nexit code 0\n$/);
  });
});
