import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

it('the packed tarball, installed under a fresh prefix without network, renders from any folder', () => {
  const folder = temporaryFolder({ 'work/profiles/shop.yaml': 'name: shop\nextends: web-server\n' });
  const run = (command: string, args: string[], cwd: string) =>
    execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], CHECKOUT); // built already; other tests use the build
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  run('npm', ['install', '--global', '--offline', '--prefix', join(folder, 'prefix'), join(folder, tarball)], folder);

  const installed = join(folder, 'prefix/lib/node_modules/nettune');
  expect(readdirSync(installed).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist',
    'package.json',
    'profiles',
    'schemas',
  ]);
  expect(readFileSync(join(installed, 'dist/THIRD-PARTY-NOTICES'), 'utf8')).toMatch(
    /^commander [\s\S]*^handlebars [\s\S]*^yaml /m,
  );
  const stdout = run(join(folder, 'prefix/bin/nettune'), ['render'], join(folder, 'work'));
  expect(stdout).toContain('create  shop/etc/sysctl.d/90-nettune-shop.conf');
});
