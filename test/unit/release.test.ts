import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CHECKOUT } from '../support/cli.ts';
import { lintWorkflow } from '../support/lint-workflow.ts';

interface Job {
  readonly permissions: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly name?: string; readonly uses?: string; readonly run?: string }[];
}

const TEXT = readFileSync(join(CHECKOUT, '.github/workflows/release.yml'), 'utf8');
const WORKFLOW: { readonly permissions: object; readonly jobs: Readonly<Record<string, Job>> } = parse(TEXT);
const STEPS = Object.values(WORKFLOW.jobs).flatMap(({ steps }) => steps);
const { version } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'));

describe('the workflow that releases', () => {
  it('is a workflow, and its jobs need jobs that exist', async () => {
    expect(await lintWorkflow(TEXT)).toEqual([]);
    expect(await lintWorkflow(TEXT.replace('needs: publish', 'needs: publisher'))).not.toEqual([]);
    expect(await lintWorkflow(TEXT.replace('runs-on:', 'run-on:'))).not.toEqual([]);
  });

  it('may do nothing but what each job needs, and runs code of others only where it may read', () => {
    expect(WORKFLOW.permissions).toEqual({});
    const permissions = Object.entries(WORKFLOW.jobs).map(([name, job]) => [name, job.permissions]);
    expect(Object.fromEntries(permissions)).toEqual({
      test: { contents: 'read' },
      pack: { contents: 'read' },
      publish: { 'id-token': 'write' },
      release: { contents: 'write' },
    });
    const installing = Object.values(WORKFLOW.jobs).filter(({ steps }) =>
      steps.some(({ run = '' }) => /npm (ci|install)|\.ci\/run/.test(run)),
    );
    expect(installing.map((job) => job.permissions)).toEqual([{ contents: 'read' }, { contents: 'read' }]);
  });

  it('takes each action at a commit, and puts nothing from outside into a script', () => {
    for (const { uses, run } of STEPS) {
      if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
      if (run !== undefined) expect(run).not.toContain('${{');
    }
  });

  it.each([
    { tag: `v${version}`, status: 0 },
    { tag: 'v0.0.9', status: 1 },
    { tag: version, status: 1 },
  ])('the tag $tag ends with $status', ({ tag, status }) => {
    const script = STEPS.find(({ name }) => name === 'Compare the tag with the version')?.run ?? '';
    const run = spawnSync('bash', ['-e', '-c', script], {
      cwd: CHECKOUT,
      env: { ...process.env, GITHUB_REF_NAME: tag },
      encoding: 'utf8',
    });
    expect(run).toMatchObject({ status, stderr: '' });
    if (status === 1) expect(run.stdout).toContain(`v${version}: change the version`);
  });
});
