import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { nettune } from '../support/cli.ts';
import { lintWorkflow } from '../support/lint-workflow.ts';
import { newRepository } from '../support/new-repository.ts';
import { type Registry, startRegistry } from '../support/npm-registry.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { type Context, type JobRun, runJob } from '../support/run-steps.ts';
import { temporaryFolder, temporaryFolderFor } from '../support/temporary.ts';

requirePrograms({ git: 'git', 'ansible-playbook': 'ansible-core' });

const WORKFLOW = '.github/workflows/nettune.yml';

const PULL_REQUEST = { github: { event_name: 'pull_request', base_ref: 'main', ref: 'refs/pull/1/merge' } };

const PUSH = { github: { event_name: 'push', ref: 'refs/heads/main' } };

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry(temporaryFolderFor(afterAll));
});
afterAll(() => registry.stop());

/** Runs a job of the folder's workflow on a machine where npm installs from our registry. */
function runWorkflow(
  cwd: string,
  job: 'check' | 'deploy',
  context: Context,
  home = temporaryFolder(),
): Promise<JobRun> {
  const { jobs } = parse(readFileSync(join(cwd, WORKFLOW), 'utf8'));
  return runJob(jobs[job], { cwd, scratch: home, env: registry.environment(home), context });
}

describe('the workflow that init writes', () => {
  it.each([
    ['web-server', 'debian-12', 'out/web/playbook.yml'],
    ['squid-proxy', 'rocky-9', 'out/proxy/playbook.yml'],
    ['nat-gateway', 'ubuntu-24.04', 'out/gateway/playbook.yml'],
    ['web-server', 'centos-6', 'up to date'], // and no playbook
  ])('passes from the first commit on: %s on %s', async (role, distribution, last) => {
    const { folder } = newRepository(role, '--distribution', distribution);
    const { failedStep, output } = await runWorkflow(folder, 'check', PUSH);
    expect({ failedStep, output }).toEqual({
      failedStep: undefined,
      output: expect.stringMatching(/(\d+) files: \1 up to date/),
    });
    expect(output).toContain(last);
  });

  it('says on a pull request what changes on hosts', async () => {
    const { folder, git, commit, edit } = newRepository('web-server');
    git('update-ref', 'refs/remotes/origin/main', 'main');
    edit('profiles/web.yaml', 'connectionsPerSecond: 5000', 'connectionsPerSecond: 9000');
    const outdated = await runWorkflow(folder, 'check', PULL_REQUEST);
    expect(outdated.failedStep).toBe('See that out/ is what the profiles make');
    expect(outdated.output).toMatch(/^update {2}web\/etc\/sysctl\.d\/90-nettune-web\.conf/m);
    expect(nettune(['render'], { cwd: folder }).code).toBe(0);
    commit();
    const { failedStep, summary } = await runWorkflow(folder, 'check', PULL_REQUEST);
    expect(failedStep).toBeUndefined();
    expect(summary).toContain('net.core.somaxconn');
  });

  it('fails at a broken profile, with an annotation at the line', async () => {
    const { folder, edit } = newRepository('web-server');
    edit('profiles/web.yaml', 'memory: 16GiB', 'memory: 16GB');
    const { failedStep, output } = await runWorkflow(folder, 'check', PULL_REQUEST);
    expect(failedStep).toBe('Validate the profiles');
    expect(output).toMatch(/^::error .*file=profiles\/web\.yaml,line=12,.*::`16GB` is not a size/m);
  });

  it('fails where a generated file was edited, which it names', async () => {
    const { folder, edit } = newRepository('squid-proxy');
    edit('out/proxy/etc/squid/conf.d/nettune-proxy.conf', 'max_filedescriptors', '# max_filedescriptors');
    const { failedStep, output } = await runWorkflow(folder, 'check', PUSH);
    expect(failedStep).toBe('See that out/ is what the profiles make');
    expect(output).toMatch(/^update {2}proxy\/etc\/squid\/conf\.d\/nettune-proxy\.conf/m);
  });

  it('is one that actionlint has nothing against', async () => {
    const { folder } = newRepository('web-server');
    const text = readFileSync(join(folder, WORKFLOW), 'utf8');
    expect(await lintWorkflow(text.replace('github.event_name', 'github.event_nam'))).not.toEqual([]);
    expect(await lintWorkflow(text)).toEqual([]);
  });
});

describe('its job deploy', () => {
  const DEPLOYING = {
    ...PUSH,
    vars: { NETTUNE_DEPLOY: 'true' },
    secrets: { NETTUNE_SSH_KEY: 'a key $(touch x)\nof two lines', NETTUNE_KNOWN_HOSTS: '127.0.0.1 ssh-ed25519 AAAA' },
  };

  it('rests but where the repository asks for it, on main', async () => {
    const { folder } = newRepository('web-server');
    const resting = [
      PUSH,
      { ...DEPLOYING, vars: { NETTUNE_DEPLOY: 'yes' } },
      { ...DEPLOYING, ...PULL_REQUEST },
      { ...DEPLOYING, github: { ...PUSH.github, ref: 'refs/heads/other' } },
    ];
    for (const context of resting)
      expect(await runWorkflow(folder, 'deploy', context)).toMatchObject({ succeeded: undefined });
  });

  it('calls each playbook, with a key that nobody else can read and that is gone afterwards', async () => {
    const { folder } = newRepository('web-server');
    const home = temporaryFolder();
    const missing = await runWorkflow(folder, 'deploy', DEPLOYING, home);
    expect(missing).toMatchObject({
      failedStep: 'Put it into effect',
      output: expect.stringContaining('inventory.yml'),
    });

    writeFileSync(join(folder, 'inventory.yml'), 'shop: { hosts: {} }\n');
    const unknown = await runWorkflow(folder, 'deploy', DEPLOYING, home);
    expect(unknown).toMatchObject({
      failedStep: 'Put it into effect',
      output: expect.stringContaining('ignoring: web'),
    });

    writeFileSync(join(folder, 'inventory.yml'), 'web: { hosts: { "127.0.0.1": { ansible_port: 1 } } }\n');
    const unreachable = await runWorkflow(folder, 'deploy', DEPLOYING, home);
    expect(unreachable).toMatchObject({
      failedStep: 'Put it into effect',
      output: expect.stringContaining('UNREACHABLE!'),
    });

    writeFileSync(join(folder, 'inventory.yml'), 'web: { hosts: {} }\n');
    expect(await runWorkflow(folder, 'deploy', DEPLOYING, home)).toMatchObject({ succeeded: true });
    expect(readdirSync(join(home, '.ssh'))).toEqual(['known_hosts']);
    expect(statSync(join(home, '.ssh')).mode & 0o077).toBe(0);
    expect(readdirSync(folder)).not.toContain('x');
  });
});
