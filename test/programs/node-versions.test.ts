import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CALL_FILES, CALLS } from '../support/calls.ts';
import { CHECKOUT, nettune, PROGRAM, type Run } from '../support/cli.ts';
import { installPacked } from '../support/packed.ts';
import { temporaryFolder, temporaryFolderFor } from '../support/temporary.ts';
import { readTree, writeTree } from '../support/tree.ts';

/**
 * The oldest release that package.json promises, and those in which a line learnt something; `node` itself is a late 20 in
 * CI. `canRequire`: an ES module by `require`. `canConfine`: knows --permission.
 */
const VERSIONS = [
  { version: '18.19.0', canRequire: false, canConfine: false },
  { version: '20.19.0', canRequire: true, canConfine: false },
  { version: '22.13.0', canRequire: true, canConfine: true },
  { version: '24.21.0', canRequire: true, canConfine: true },
];

/** Older ones that distributions ship: Red Hat 8, Ubuntu 20.04 and 22.04, and the last one that is too old. */
const TOO_OLD = ['10.19.0', '12.22.9', '18.18.2'];

const nodes = temporaryFolderFor(afterAll);
const project = temporaryFolderFor(afterAll);
const nodeOf = (version: string): string => join(nodes, 'node_modules', `node-${version}`, 'bin/node');

const LIBRARY = {
  'module.mjs': "import { compile, shippedProfile } from 'nettune';\n",
  'script.cjs': "const { compile, shippedProfile } = require('nettune');\n",
};
const USE = `
const { compiled, problems } = compile([shippedProfile('squid-proxy')]);
console.log(JSON.stringify({ problems, files: compiled[0].artifacts(), why: compiled[0].explain() }));
`;

/** What the calls answer and write with the Node that runs this test. */
const here = temporaryFolderFor(afterAll);
let answers: readonly Run[] = [];

beforeAll(() => {
  const packages = [...VERSIONS.map(({ version }) => version), ...TOO_OLD].map(
    (version) => `node-${version}@npm:node-linux-${process.arch}@${version}`,
  );
  const { status, stderr } = spawnSync('npm', [
    'install',
    '--no-save',
    '--prefer-offline',
    '--fetch-retries=1',
    '--prefix',
    nodes,
    ...packages,
  ]);
  if (status !== 0) throw new Error(`these versions of Node could not be fetched from npm's registry: ${stderr}`);
  installPacked(project);
  for (const [name, text] of Object.entries(LIBRARY)) writeFileSync(join(project, name), text + USE);
  writeTree(here, CALL_FILES);
  answers = CALLS.map((args) => nettune(args, { cwd: here }));
});

/** Anything that is on its way out of Node is told. */
function run(node: string, args: readonly string[], cwd: string): Run {
  const { status, stdout, stderr } = spawnSync(node, ['--pending-deprecation', ...args], {
    cwd,
    env: { NO_COLOR: '1' },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return { code: status, stdout, stderr };
}

it('package.json promises the oldest of these versions', () => {
  const { engines } = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8'));
  expect(engines.node).toBe(`>=${VERSIONS[0]?.version}`);
});

it.each(TOO_OLD)('Node %s says what is needed, in one line', (version) => {
  const { status, stdout, stderr } = spawnSync(nodeOf(version), [PROGRAM, 'validate'], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(
    new RegExp(`^error: nettune needs Node 18\\.19 or newer, and this is ${version}\\. [^\\n]+\\n$`),
  );
});

describe.each(VERSIONS)('Node $version', ({ version, canRequire, canConfine }) => {
  it('runs every command as this one does, and writes the same bytes', () => {
    expect(run(nodeOf(version), ['--version'], project).stdout).toBe(`v${version}\n`);
    const there = temporaryFolder(CALL_FILES);
    for (const [index, args] of CALLS.entries())
      expect({ args, ...run(nodeOf(version), [PROGRAM, ...args], there) }).toEqual({
        args,
        ...answers[index],
        stderr: '',
      });
    expect(readTree(there)).toEqual(readTree(here));
  });

  it.each(Object.keys(LIBRARY).filter((name) => canRequire || name.endsWith('.mjs')))(
    'takes the library by %s',
    (name) => {
      // Where Node can forbid everything but reading this folder, nothing else is needed.
      const limits = canConfine ? ['--permission', `--allow-fs-read=${project}`] : [];
      const used = run(nodeOf(version), [...limits, join(project, name)], project);
      expect(used).toEqual({ code: 0, stdout: run(process.execPath, ['module.mjs'], project).stdout, stderr: '' });
      expect(JSON.parse(used.stdout)).toMatchObject({ problems: [], why: { profile: 'squid-proxy' } });
    },
  );
});
