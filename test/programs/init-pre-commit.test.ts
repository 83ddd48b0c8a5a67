import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { REPOSITORY, VERSION } from '../../generated/texts.ts';
import { CHECKOUT } from '../support/cli.ts';
import { git, initRepository } from '../support/git.ts';
import { newRepository } from '../support/new-repository.ts';
import { preCommitEnvironment } from '../support/pre-commit.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { temporaryFolder } from '../support/temporary.ts';

requirePrograms({ 'pre-commit': 'pre-commit', git: 'git' });

/** Our repository with the tag that a release of it would have, but built already: another test has pre-commit build it. */
function releaseRepository(): string {
  const folder = temporaryFolder({
    'package.json': JSON.stringify({ name: 'nettune', version: VERSION, bin: { nettune: 'dist/nettune.cjs' } }),
  });
  for (const path of ['dist', '.pre-commit-hooks.yaml'])
    cpSync(join(CHECKOUT, path), join(folder, path), { recursive: true });
  initRepository(folder);
  git(folder, 'tag', `v${VERSION}`);
  return folder;
}

it('the hooks that init names are those of our release, and stop what CI would stop', () => {
  const { folder, edit } = newRepository('web-server');
  const env = {
    ...preCommitEnvironment(temporaryFolder()),
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.${releaseRepository()}.insteadOf`,
    GIT_CONFIG_VALUE_0: REPOSITORY,
  };
  const preCommit = (...args: string[]) => spawnSync('pre-commit', args, { cwd: folder, env, encoding: 'utf8' });
  expect(preCommit('validate-config')).toMatchObject({ status: 0, stdout: '' });

  const passed = preCommit('run', '--all-files');
  expect(passed.stdout).toMatch(/^nettune validate\.+Passed\nnettune render --check\.+Passed\n/m);
  expect(passed.status).toBe(0);

  edit('profiles/web.yaml', 'connectionsPerSecond: 5000', 'connectionsPerSecond: 9000');
  const outdated = preCommit('run', '--all-files');
  expect(outdated.stdout).toMatch(/validate\.+Passed\n[\s\S]*--check\.+Failed\n[\s\S]*update {2}web\/etc\/sysctl\.d/);
  expect(outdated.status).toBe(1);
});
