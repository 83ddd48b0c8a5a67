import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { PROGRAM } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** What a terminal receives from `nettune validate` of a broken profile. */
function onTerminal(variable: string): string {
  const cwd = temporaryFolder({ 'shop.yaml': 'name: shop\nextends: web-server\nhost: { memory: 16GB }\n' });
  const command = `env -u NO_COLOR TERM=xterm ${variable} ${process.execPath} ${PROGRAM} validate shop.yaml`;
  return spawnSync('script', ['-qec', command, '/dev/null'], { cwd, encoding: 'utf8' }).stdout;
}

it('colour goes to a terminal, and not with NO_COLOR', () => {
  expect(onTerminal('LC_ALL=C')).toContain('\u001b[31m');
  expect(onTerminal('NO_COLOR=1')).not.toContain('\u001b[');
  expect(onTerminal('TERM=dumb')).not.toContain('\u001b[');
});
