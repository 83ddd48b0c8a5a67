import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { VERSION } from '../../generated/texts.ts';
import { CHECKOUT, nettune } from '../support/cli.ts';
import { type Registry, startRegistry } from '../support/npm-registry.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { type JobRun, runJob } from '../support/run-steps.ts';
import { temporaryFolder, temporaryFolderFor } from '../support/temporary.ts';

requirePrograms({ bash: 'bash' });

const ACTION = parse(readFileSync(join(CHECKOUT, 'action.yml'), 'utf8'));

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry(temporaryFolderFor(afterAll));
});
afterAll(() => registry.stop());

/** Runs the action as a step of a workflow would, with these inputs and the defaults of the others. */
function useAction(cwd: string, given: Readonly<Record<string, string>>): Promise<JobRun> {
  const defaults = Object.entries<{ default: string }>(ACTION.inputs).map(([name, input]) => [
    name,
    `${input.default}`,
  ]);
  const home = temporaryFolder();
  const context = { inputs: { ...Object.fromEntries(defaults), ...given } };
  return runJob(ACTION.runs, { cwd, scratch: home, env: registry.environment(home), context });
}

const SHOP = 'name: shop\nextends: web-server\n';

function repository(): string {
  const cwd = temporaryFolder({
    'profiles/shop.yaml': SHOP,
    'more of them/proxy.yaml': 'name: proxy\nextends: squid-proxy\n',
  });
  expect(nettune(['render', 'profiles', 'more of them', '--output', 'the files'], { cwd }).code).toBe(0);
  return cwd;
}

it('installs the version of its own checkout unless another one is named', () => {
  expect(ACTION.inputs.version.default).toBe(VERSION);
});

it('passes for profiles whose files are up to date, wherever they are', async () => {
  const inputs = { paths: 'profiles\n\nmore of them\n', output: 'the files' };
  const { failedStep, output } = await useAction(repository(), inputs);
  expect({ failedStep, output }).toEqual({
    failedStep: undefined,
    output: expect.stringMatching(/(\d+) files: \1 up to date/),
  });
});

it('fails at a broken profile, at its line, and at what is out of date', async () => {
  const cwd = temporaryFolder({ 'profiles/shop.yaml': `${SHOP}host: { memory: 16GB }\n` });
  const broken = await useAction(cwd, {});
  expect(broken.failedStep).toBe('Validate the profiles');
  expect(broken.output).toMatch(/^::error .*file=profiles\/shop\.yaml,line=3,/m);

  const outdated = await useAction(temporaryFolder({ 'profiles/shop.yaml': SHOP }), {});
  expect(outdated.failedStep).toBe('See that the generated files are what the profiles make');
  expect(await useAction(temporaryFolder({ 'profiles/shop.yaml': SHOP }), { check: 'false' })).toMatchObject({
    succeeded: true,
  });
});

it.each([
  ['paths', '$(touch x)\n`touch x`; touch x'],
  ['paths', '--output=x\n-o x'],
  ['paths', '\'"\n\\'],
  ['output', '$(touch x)'],
  ['fail-on', 'warning; touch x'],
  ['version', '0.1.0; touch x'],
])('no input becomes a command: %s %j', async (name, value) => {
  const cwd = temporaryFolder({ 'profiles/shop.yaml': SHOP });
  const { succeeded, output } = await useAction(cwd, { [name]: value });
  expect({ succeeded, output }).toEqual({ succeeded: false, output: expect.stringMatching(/error|missing/) });
  expect(readdirSync(cwd)).toEqual(['profiles']);
});
