import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';
import { DebianMachine } from '../support/debian-machine.ts';
import { inCi } from '../support/long.ts';
import { PAGES } from '../support/pages/pages.ts';
import { expectPageToBeTrue, listBlocks, needsMachine } from '../support/play-page.ts';
import { SUFFERING } from '../support/suffering.ts';

const pages = PAGES.filter((page) => listBlocks(readFileSync(join(CHECKOUT, page), 'utf8')).some(needsMachine));

/** The others show the same commands; `npm run test:long` plays them. */
const PLAYED_IN_CI = ['docs/ansible.md', 'docs/how-to/established-for-days.md', 'docs/how-to/syn-flooding.md'];

/** Every host that a page names is a machine of its own, which suffers from what the page is about. */
it.each(inCi(pages, ...PLAYED_IN_CI))('%s shows what its commands print', { timeout: 1_500_000 }, async (page) => {
  const machine = await DebianMachine.start();
  try {
    await machine.ask(SUFFERING[page] ?? 'true');
    await expectPageToBeTrue(join(CHECKOUT, page), machine);
  } finally {
    await machine.stop();
  }
});

it('has something to suffer from for pages alone that there are', () => {
  expect(pages).toEqual(expect.arrayContaining(Object.keys(SUFFERING)));
});
