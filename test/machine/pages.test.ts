import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';
import { DebianMachine } from '../support/debian-machine.ts';
import { PAGES } from '../support/pages/pages.ts';
import { expectPageToBeTrue, listBlocks, needsMachine } from '../support/play-page.ts';
import { SUFFERING } from '../support/suffering.ts';

const pages = PAGES.filter((page) => listBlocks(readFileSync(join(CHECKOUT, page), 'utf8')).some(needsMachine));

/** Every host that a page names is a machine of its own, which suffers from what the page is about. */
it.each(pages)('%s shows what its commands print', { timeout: 1_500_000 }, async (page) => {
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
