import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CHECKOUT, nettune } from '../support/cli.ts';
import { preCommitEnvironment } from '../support/pre-commit.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { temporaryFolder } from '../support/temporary.ts';

requirePrograms({ 'pre-commit': 'pre-commit', git: 'git' });

it('pre-commit installs nettune from its repository, and stops a commit of bad profiles or outdated files', {
  timeout: 300_000,
}, () => {
  const home = temporaryFolder();
  const repository = ourRepository();
  const work = temporaryFolder({
    'profiles/shop.yaml': 'name: shop\nextends: ./_base.yaml\n',
    'profiles/_base.yaml': 'extends: web-server\n',
  });
  const commit = gitIn(work, home);
  writeFileSync(
    join(work, '.pre-commit-config.yaml'),
    `repos:\n  - repo: ${repository.folder}\n    rev: ${repository.commit}\n    hooks:\n      - id: nettune-validate\n      - id: nettune-render-check\n`,
  );
  expect(nettune(['render'], { cwd: work }).code).toBe(0);
  expect(spawnSync('pre-commit', ['install'], { cwd: work, env: preCommitEnvironment(home) }).status).toBe(0);

  expect(commit('all is well')).toMatchObject({
    status: 0,
    output: expect.stringMatching(/nettune validate\.+Passed\nnettune render --check\.+Passed\n/),
  });

  writeFileSync(join(work, 'profiles/_base.yaml'), 'extends: web-server\nhost: { memory: 64GiB }\n');
  const outdated = commit('a base that decides about a file');
  expect(outdated.output).toMatch(/nettune validate\.+Passed\n[\s\S]*--check\.+Failed\n[\s\S]*update {2}shop\/etc\//);
  expect(outdated.status).toBe(1);

  writeFileSync(join(work, 'profiles/_base.yaml'), 'extends: web-servr\n');
  const broken = commit('a base that is broken');
  expect(broken.output).toMatch(/nettune validate\.+Failed\n[\s\S]*profiles\/_base\.yaml:1:10: error: `web-servr`/);
  expect(broken.status).toBe(1);

  rmSync(join(work, 'profiles/_base.yaml'));
  expect(commit('a base that is gone').output).toMatch(/nettune validate\.+Failed\n/);
});

/** This checkout as it stands, as somebody else's repository that was never built. */
function ourRepository(): { folder: string; commit: string } {
  const folder = temporaryFolder();
  const files = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard', '--deduplicate'], {
    cwd: CHECKOUT,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((each) => each !== '')) cpSync(join(CHECKOUT, file), join(folder, file));
  expect(gitIn(folder, folder)('as it stands')).toMatchObject({ status: 0 });
  return { folder, commit: execFileSync('git', ['rev-parse', 'HEAD'], { cwd: folder, encoding: 'utf8' }).trim() };
}

/** Makes the folder a repository; each call commits all that is in it. */
function gitIn(cwd: string, home: string) {
  const run = (...args: string[]) => spawnSync('git', args, { cwd, encoding: 'utf8', env: preCommitEnvironment(home) });
  run('init', '--quiet');
  return (message: string) => {
    run('add', '--all');
    const { status, stdout, stderr } = run('commit', '--quiet', '--message', message);
    return { status, output: stdout + stderr };
  };
}
