import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';
import { onDebian } from '../support/on-debian.ts';
import { expectPageToBeTrue } from '../support/play-page.ts';
import { temporaryFolder } from '../support/temporary.ts';

const story = onDebian();

it('docs/ansible.md shows what its commands print, with this machine as shop-1', { timeout: 1_500_000 }, async () => {
  const config = join(temporaryFolder(), 'ssh_config');
  writeFileSync(config, story.machine.sshConfig('shop-1'));
  await expectPageToBeTrue(join(CHECKOUT, 'docs/ansible.md'), { ssh: `exec /usr/bin/ssh -F ${config} "$@"` });
  expect(await story.machine.ask('ls /var/lib/nettune 2>&1 || true')).toContain('No such file');
});
