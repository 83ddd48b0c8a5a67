import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';
import { execute } from '../support/execute.ts';
import { installPacked, runAfresh } from '../support/packed.ts';
import { temporaryFolderFor } from '../support/temporary.ts';

/** What somebody writes who has installed the package, and has no types of Node. */
const PROGRAM = `
import { compile, decisionOn, formatProblem, type Artifact, type Decision, type Location, type Problem } from 'nettune';
import { basesAmong, hostProgram, positionOf, sourceOf } from 'nettune';
import type { Cause, Compilation, Compiled, Host, Plan, PlanExplanation, Profile, ResolveBase, Value } from 'nettune';

declare const console: { log(text: string): void };

const base = sourceOf('_base.yaml', 'extends: web-server\\ntraffic: { connectionsPerSecond: 3000 }\\n');
const resolve: ResolveBase = basesAmong([base]);
const compilation: Compilation = compile([sourceOf('shop.yaml', 'name: shop\\nextends: ./_base.yaml\\n')], resolve);
for (const { plan, artifacts, explain } of compilation.compiled satisfies readonly Compiled[]) {
  const queue: Decision | undefined = decisionOn(plan satisfies Plan, 'net.core.somaxconn');
  const value: Value | undefined = queue?.value;
  const host: Host = plan.host;
  const role: Profile['role'] = plan.role;
  const told: PlanExplanation = explain();
  const causes: readonly Cause[] = told.decisions.flatMap((each) => each.causes);
  const files: readonly Artifact[] = artifacts();
  console.log(\`\${role} \${host.distribution.id} \${value} \${queue?.reason}\`);
  console.log(\`\${causes.length > 0} \${hostProgram.mode === 0o755 && files.length > 0}\`);
}
const wrong: readonly Problem[] = compile([sourceOf('typo.yaml', 'name: shop\\nextends: web-server\\ntrafic: {}\\n')]).problems;
const [place]: readonly Location[] = wrong[0]?.locations ?? [];
console.log(\`\${place && positionOf(place).line} \${wrong[0] && formatProblem(wrong[0]).split('\\n')[0]}\`);
`;

const PRINTED = [
  'web-server debian-12 4096 One second of new connections (3,000), rounded up to a power of two between 1,024 and 32,768. Taken when a server starts.',
  'true true',
  '3 typo.yaml:3:1: error: there is no key `trafic` here [unknown-key]',
  '',
].join('\n');

/** The compiler of this checkout, and one of the generation before it, that attw brings. */
const COMPILERS = {
  'TypeScript 7': [join(CHECKOUT, 'node_modules/.bin/tsc')],
  'TypeScript 5': [
    process.execPath,
    createRequire(join(CHECKOUT, 'node_modules/@arethetypeswrong/core/package.json')).resolve('typescript/lib/tsc.js'),
  ],
};

const RESOLUTIONS = [
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'es2022', moduleResolution: 'bundler' },
];

const FILES = {
  'package.json': JSON.stringify({ type: 'module' }),
  'main.ts': PROGRAM,
  'wrong.ts': "import { compile } from 'nettune';\nexport const names: number = compile([]).compiled[0].plan.name;\n",
  'main.cjs': `
    const { compile, shippedProfile } = require('nettune');
    const { problems, compiled } = compile([shippedProfile('nat-gateway')]);
    console.log(problems.length, compiled[0].plan.name, require('nettune/schemas/profile.schema.json').type);`,
};

const project = temporaryFolderFor(afterAll);

beforeAll(() => {
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(project, name), text);
  installPacked(project);
});

describe('a project in TypeScript, strict and with every declaration checked, is compiled and runs', () => {
  const cases = Object.entries(COMPILERS).flatMap(([compiler, call]) =>
    RESOLUTIONS.map((resolution) => ({ compiler, call, ...resolution })),
  );

  it.each(cases)('$compiler, $moduleResolution', async ({ call: [tsc = '', ...args], module, moduleResolution }) => {
    const options = { module, moduleResolution, target: 'es2022', lib: ['es2022'], types: [], strict: true };
    const config = { compilerOptions: { ...options, skipLibCheck: false }, files: ['main.ts'] };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
    expect(await execute(tsc, [...args, '--project', project])).toEqual({ code: 0, output: '' });
    expect(runAfresh(project, process.execPath, ['main.js'])).toBe(PRINTED);
  });

  it('and what the types do not allow is an error', async () => {
    const config = { compilerOptions: { module: 'nodenext', strict: true, noEmit: true }, files: ['wrong.ts'] };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
    const { output } = await execute(COMPILERS['TypeScript 7'][0] ?? '', ['--project', project]);
    expect(output).toMatch(/wrong\.ts\(2,14\): error TS2322: Type 'string' is not assignable to type 'number'/);
  });
});

it('a project in CommonJS requires it, and a schema', () => {
  expect(runAfresh(project, process.execPath, ['main.cjs'])).toBe('0 nat-gateway object\n');
});
