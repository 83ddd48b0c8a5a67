import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';
import { checksPage } from '../support/pages/checks-page.ts';
import { commandsPage } from '../support/pages/commands-page.ts';
import { outputsPage } from '../support/pages/outputs-page.ts';
import { parametersPage } from '../support/pages/parameters-page.ts';
import { profilePage } from '../support/pages/profile-page.ts';

const FOLDER = join(CHECKOUT, 'docs/reference');

/** Each page and what makes it, of the tables of the program; `npm run golden` writes them anew. */
const PAGES: Readonly<Record<string, () => string>> = {
  'checks.md': checksPage,
  'commands.md': commandsPage,
  'outputs.md': outputsPage,
  'parameters.md': parametersPage,
  'profile.md': profilePage,
};

describe('docs/reference', () => {
  it.each(Object.entries(PAGES))('%s says what the tables say', (name, make) => {
    const path = join(FOLDER, name);
    const made = make();
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(path, made);
    }
    expect(readFileSync(path, 'utf8')).toBe(made);
  });

  it('has no page that is not made', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(PAGES).sort());
  });
});
