import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHECKOUT, nettune } from '../support/cli.ts';
import { type Answer, execute } from '../support/execute.ts';
import { newRepository } from '../support/new-repository.ts';
import { type Registry, startRegistry } from '../support/npm-registry.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { temporaryFolder, temporaryFolderFor } from '../support/temporary.ts';

requirePrograms({ git: 'git', rsync: 'rsync', 'ansible-playbook': 'ansible-core' });

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry(temporaryFolderFor(afterAll));
});
afterAll(() => registry.stop());

/** A method that Node 20 lacks, and gitlab-ci-local calls. */
const SET_UNION = `data:text/javascript,${encodeURIComponent('Set.prototype.union ??= function (other) { return new Set([...this, ...other]); }')}`;

/** Has gitlab-ci-local run jobs of the folder's pipeline in a shell, one after another, with these variables of GitLab's. */
function runPipeline(
  cwd: string,
  jobs: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<Answer> {
  const home = temporaryFolder();
  const program = join(CHECKOUT, 'node_modules/gitlab-ci-local/dist/index.js');
  const given = Object.entries(variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`]);
  const args = ['--import', SET_UNION, program, '--force-shell-executor', '--concurrency', '1', ...given, ...jobs];
  return execute(process.execPath, args, undefined, { cwd, env: registry.environment(home) });
}

const CHECKS = ['validate', 'render', 'playbooks'];

const MERGE_REQUEST = { CI_PIPELINE_SOURCE: 'merge_request_event' };

function newProject() {
  const project = newRepository('web-server');
  project.git('remote', 'add', 'origin', 'git@gitlab.com:acme/tuning.git');
  return project;
}

it('the pipeline passes from the first commit on, and reports nothing', async () => {
  const { folder } = newProject();
  const { code, output } = await runPipeline(folder, CHECKS, {});
  expect(output).toMatch(/json schema validated/);
  expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/(\d+) files: \1 up to date/) });
  expect(JSON.parse(readFileSync(join(folder, 'gl-code-quality-report.json'), 'utf8'))).toEqual([]);
});

it('a broken profile fails the pipeline, in a report with its line', async () => {
  const { folder, edit } = newProject();
  edit('profiles/web.yaml', 'memory: 16GiB', 'memory: 16GB');
  const { code, output } = await runPipeline(folder, ['validate'], {});
  expect(output).toMatch(/FAIL\S* *\S*validate/);
  expect(code).not.toBe(0);
  const report = JSON.parse(readFileSync(join(folder, 'gl-code-quality-report.json'), 'utf8'));
  expect(report).toMatchObject([{ location: { path: 'profiles/web.yaml', lines: { begin: 12 } } }]);
  expect(readFileSync(join(folder, 'junit.xml'), 'utf8')).toContain('16GB');
});

it('a merge request says what changes on hosts', async () => {
  const { folder, git, commit, edit } = newProject();
  const base = git('rev-parse', 'HEAD').trim();
  edit('profiles/web.yaml', 'connectionsPerSecond: 5000', 'connectionsPerSecond: 9000');
  const outdated = await runPipeline(folder, ['render'], MERGE_REQUEST);
  expect(outdated.output).toContain('update  web/etc/sysctl.d/90-nettune-web.conf');
  expect(outdated.code).not.toBe(0);
  expect(nettune(['render'], { cwd: folder }).code).toBe(0);
  commit();
  const { code, output } = await runPipeline(folder, ['compare'], {
    ...MERGE_REQUEST,
    CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
  });
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, 'comparison.md'), 'utf8')).toContain('net.core.somaxconn');
});

it('deploys only where the project says so, on the default branch, and fails without an inventory', async () => {
  const { folder } = newProject();
  const home = temporaryFolder({ key: 'a key\n', known: '' });
  const files = { NETTUNE_SSH_KEY: join(home, 'key'), NETTUNE_KNOWN_HOSTS: join(home, 'known') };
  const deploying = { ...files, NETTUNE_DEPLOY: 'true' };
  expect((await runPipeline(folder, ['--list'], {})).output).not.toMatch(/^deploy/m);
  expect((await runPipeline(folder, ['--list'], { ...deploying })).output).toMatch(/^deploy .*manual/m);
  const without = await runPipeline(folder, ['deploy'], deploying);
  expect(without.output).toContain('No inventory was parsed');
  expect(without.code).not.toBe(0);
  writeFileSync(join(folder, 'inventory.yml'), 'web: { hosts: {} }\n');
  expect(await runPipeline(folder, ['deploy'], deploying)).toMatchObject({ code: 0 });
});
