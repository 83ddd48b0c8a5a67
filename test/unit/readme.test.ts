import { join } from 'node:path';
import { it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';
import { expectPageToBeTrue } from '../support/play-page.ts';

it('README.md shows what its commands print', async () => {
  await expectPageToBeTrue(join(CHECKOUT, 'README.md'));
});
