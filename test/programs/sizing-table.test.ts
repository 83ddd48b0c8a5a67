import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

const FOLDER = join(CHECKOUT, 'test/unit/sizing');

/** Otherwise somebody could write into the table what the code says, and the table would show nothing any more. */
test('the table of hosts is what its own program works out', () => {
  const program = readFileSync(join(FOLDER, 'work-out.py'), 'utf8');
  const table = readFileSync(join(FOLDER, 'hosts.csv'), 'utf8');
  const folder = temporaryFolder({ 'work-out.py': program, 'hosts.csv': table.replace(/\d+$/gm, '1') });
  execFileSync('python3', [join(folder, 'work-out.py')]);
  expect(readFileSync(join(folder, 'hosts.csv'), 'utf8')).toBe(table);
});
