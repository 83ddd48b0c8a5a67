import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';

const PAGE = join(CHECKOUT, 'docs/comparison.md');

it('docs/comparison.md is what bench/comparison.mjs prints, and nettune is full on no host', () => {
  const { stdout } = spawnSync(process.execPath, ['bench/comparison.mjs'], { cwd: CHECKOUT, encoding: 'utf8' });
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(PAGE, stdout);
  expect(stdout).toBe(readFileSync(PAGE, 'utf8'));
  expect(stdout).toMatch(/\| \*\*full on\*\* .* \| 0 of 10 \|\n/);
});
