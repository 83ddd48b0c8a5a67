import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';
import { checksPage } from '../support/pages/checks-page.ts';
import { commandsPage } from '../support/pages/commands-page.ts';
import { outputsPage } from '../support/pages/outputs-page.ts';
import { parametersPage } from '../support/pages/parameters-page.ts';
import { profilePage } from '../support/pages/profile-page.ts';
import { drawPacketPath } from '../support/pictures/packet-path.ts';
import { drawQueues } from '../support/pictures/queues.ts';
import { drawSizing } from '../support/pictures/sizing.ts';
import { drawWay } from '../support/pictures/way.ts';

/** Each page and each picture, and what makes it of the tables of the program; `npm run golden` writes them anew. */
const MADE: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'docs/reference': {
    'checks.md': checksPage,
    'commands.md': commandsPage,
    'outputs.md': outputsPage,
    'parameters.md': parametersPage,
    'profile.md': profilePage,
  },
  'docs/pictures': {
    'packet-path.svg': drawPacketPath,
    'queues.svg': drawQueues,
    'sizing.svg': drawSizing,
    'way.svg': drawWay,
  },
};

describe.each(Object.entries(MADE))('%s', (name, files) => {
  const folder = join(CHECKOUT, name);

  it.each(Object.entries(files))('%s says what the tables say', (file, make) => {
    const made = make();
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, file), made);
    }
    expect(readFileSync(join(folder, file), 'utf8')).toBe(made);
  });

  it('has no file that is not made', () => {
    expect(readdirSync(folder).sort()).toEqual(Object.keys(files).sort());
  });
});
