import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';
import { anchorOf } from '../support/pages/markdown.ts';
import { PAGES } from '../support/pages/pages.ts';
import { type Block, expectPageToBeTrue, listBlocks } from '../support/play-page.ts';

const read = (page: string) => readFileSync(join(CHECKOUT, page), 'utf8');

/** Blocks that no page plays, by their first line, and why. */
const EXCUSES: Readonly<Record<string, string>> = {
  'npm ci && npm start          # build, validate and render the three shipped profiles into out/':
    '.ci/run does the same on a clean checkout',
  '- uses: actions/checkout@v6': 'test/programs/github-action.test.ts runs the steps of action.yml',
  '[Unit]': 'test/programs/host-program.test.ts has systemd read the units of on-the-host.md',
  'groups:': 'test/programs/host-program.test.ts has promtool read the rules of on-the-host.md',
  'npm install nettune': 'test/programs/package.test.ts installs the package as it would be published',
};

describe.each(PAGES)('%s', (page) => {
  it('shows what its commands print', async () => {
    await expectPageToBeTrue(join(CHECKOUT, page));
  });

  it('has no block that nothing plays', () => {
    const blocks = listBlocks(read(page));
    expect(read(page).match(/^```/gm)?.length ?? 0).toBe(2 * blocks.length);
    expect(blocks.filter((block, index) => !isPlayed(block, blocks.slice(index + 1)))).toEqual([]);
  });

  it('has no link that leads nowhere', () => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    expect(links.filter((target) => !/^https?:/.test(target) && !leadsTo(page, target))).toEqual([]);
  });
});

/** Commands are run; a file is written, and read by a command below it: by its own name, or as one of all profiles. */
function isPlayed({ language, text, file }: Block, later: readonly Block[]): boolean {
  if (language === 'console') return true;
  if (file === undefined) return (text.split('\n')[0] ?? '') in EXCUSES;
  return later.some(
    (block) => block.language === 'console' && (block.text.includes(file) || file.startsWith('profiles/')),
  );
}

function leadsTo(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(CHECKOUT, file))) return false;
  return anchor === undefined || anchorsOf(read(file)).includes(anchor);
}

function anchorsOf(markdown: string): string[] {
  const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
  return [...headings, ...[...markdown.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)];
}
