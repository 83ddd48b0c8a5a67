import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/checks.ts';
import { describeKind } from '../../src/report/problem-formats/describe-kind.ts';
import { PROBLEM_FORMATS } from '../../src/report/problem-formats/problem-formats.ts';
import { callNettune } from '../support/call-nettune.ts';
import { CHECKOUT, nettune } from '../support/cli.ts';
import { REPORT_SCHEMAS } from '../support/report-schemas.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Two errors and a warning; a tab and characters of two UTF-16 units stand before their places. */
const SHOP = `name: shop
extends: web-server
summary: "😀😀"
host: { "😀": 1, \t memory: 16GB }
`;

const WARNED = 'name: shop\nextends: web-server\nsysctl: { net.core.somaxconn: { value: 32768 } }\n';

/** A profile with so many errors. */
const writeFaults = (count: number): string =>
  `name: b\nextends: web-server\n${Array.from({ length: count }, (_, index) => `k${index}: 1\n`).join('')}`;

/** Of one of many problems, as one of the formats has it. */
interface Said {
  readonly path: string;
  readonly line: number;
  readonly fingerprint: string;
}

function validate(format: string, cwd: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const summary = { GITHUB_STEP_SUMMARY: '', ...env };
  return callNettune(['validate', '--format', format, ...args], { cwd, env: summary });
}

/** What GitLab is told; the other formats say the same in other words. */
async function say(cwd: string, args: readonly string[] = []): Promise<Said[]> {
  return JSON.parse((await validate('gitlab', cwd, args)).stdout).map(
    ({ fingerprint, location }: { fingerprint: string; location: { path: string; lines: { begin: number } } }) => ({
      path: location.path,
      line: location.lines.begin,
      fingerprint,
    }),
  );
}

describe('each format', () => {
  it.each(PROBLEM_FORMATS.map(({ id }) => id))(
    '%s exits as text does, and has nothing to say to stderr',
    async (id) => {
      const cwd = temporaryFolder({ 'profiles/shop.yaml': SHOP, 'warned.yaml': WARNED });
      expect(await validate(id, cwd)).toMatchObject({ code: 1, stderr: '' });
      expect(await validate(id, cwd, ['warned.yaml'])).toMatchObject({ code: 0, stderr: '' });
      expect(await validate(id, cwd, ['warned.yaml', '--fail-on', 'warning'])).toMatchObject({ code: 1, stderr: '' });
    },
  );

  it.each(Object.entries(REPORT_SCHEMAS))('%s is as its schema wants it', async (id, isValid) => {
    const cwd = temporaryFolder({ 'profiles/shop.yaml': SHOP, 'profiles/warned.yaml': WARNED });
    for (const args of [[], ['web-server']]) {
      const report = JSON.parse((await validate(id, cwd, args)).stdout);
      expect(isValid(report) ? [] : isValid.errors).toEqual([]);
    }
    expect(isValid({ version: '2.1.0', runs: [{}] })).toBe(false);
  });

  it('says nothing when a file cannot be read: the exit code is 2', async () => {
    for (const { id } of PROBLEM_FORMATS)
      expect(await validate(id, temporaryFolder(), ['nowhere.yaml'])).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('places', () => {
  it('count lines and characters from 1, past emoji and tabs', async () => {
    const cwd = temporaryFolder({ 'shop.yaml': SHOP });
    const column = [...'host: { "😀": 1, \t memory: '].length + 1;
    const github = (await validate('github', cwd, ['shop.yaml'])).stdout.split('\n');
    expect(github[0]).toContain('file=shop.yaml,line=4,endLine=4,col=9,endColumn=12::');
    expect(github[1]).toContain(`line=4,endLine=4,col=${column},endColumn=${column + 4}::`);
    const [run] = JSON.parse((await validate('sarif', cwd, ['shop.yaml'])).stdout).runs;
    expect(run.columnKind).toBe('unicodeCodePoints');
    expect(run.results[1].locations[0].physicalLocation.region).toEqual({
      startLine: 4,
      startColumn: column,
      endLine: 4,
      endColumn: column + 4,
    });
    const { problems } = JSON.parse((await validate('json', cwd, ['shop.yaml'])).stdout);
    expect(problems[1].locations[0]).toMatchObject({ line: 4, column, endColumn: column + 4 });
  });

  it('of a value of many lines end with the first one', async () => {
    const cwd = temporaryFolder({ 'shop.yaml': 'extends: web-server\r\nname: "A\r\n  B"\r\n' });
    expect((await validate('github', cwd, ['shop.yaml'])).stdout).toContain(',line=2,endLine=2,col=7,endColumn=9::');
  });

  it('are paths from the root of the repository, wherever nettune runs and however a file is named', async () => {
    const cwd = temporaryFolder({
      'repository/.git/HEAD': '',
      'repository/infra/profiles/shop.yaml': SHOP,
      'repository/infra/other/x': '',
    });
    symlinkSync('repository', join(cwd, 'link'));
    const calls = [
      { from: 'repository/infra', path: 'profiles/shop.yaml' },
      { from: 'repository/infra/other', path: './../profiles/shop.yaml' },
      { from: '.', path: 'repository/infra/profiles' },
      { from: '.', path: join(cwd, 'repository/infra/profiles') },
      { from: 'link/infra', path: join(cwd, 'link/infra/profiles') },
    ];
    for (const { from, path } of calls)
      expect({ from, path, said: (await say(join(cwd, from), [path]))[0]?.path }).toEqual({
        from,
        path,
        said: 'infra/profiles/shop.yaml',
      });
  });

  it('are those of a submodule within the repository that nettune runs in', async () => {
    const cwd = temporaryFolder({ '.git/HEAD': '', 'sub/.git': 'gitdir: elsewhere', 'sub/shop.yaml': SHOP });
    expect((await say(cwd, ['sub/shop.yaml']))[0]?.path).toBe('sub/shop.yaml');
    expect((await say(join(cwd, 'sub'), ['shop.yaml']))[0]?.path).toBe('shop.yaml');
  });

  it('are from the current folder where there is no repository, or else from the folder of the file', async () => {
    const cwd = temporaryFolder({ 'own/profiles/shop.yaml': SHOP, 'other/x': '' });
    expect((await say(join(cwd, 'own')))[0]?.path).toBe('profiles/shop.yaml');
    expect((await say(join(cwd, 'other'), ['../own/profiles']))[0]?.path).toBe('shop.yaml');
  });

  it('in a base of the repository are in that base, and said once', async () => {
    const cwd = temporaryFolder({
      'profiles/a.yaml': 'name: a\nextends: ../base/_b.yaml\n',
      'profiles/c.yaml': 'name: c\nextends: ../base/_b.yaml\n',
      'base/_b.yaml': 'extends: web-server\nhost: { memory: 16GB }\n',
      '.git/HEAD': '',
    });
    expect(await say(cwd)).toEqual([{ path: 'base/_b.yaml', line: 2, fingerprint: expect.any(String) }]);
  });

  it('of what a shipped profile alone says are where the profile extends it', async () => {
    const cwd = temporaryFolder({
      'shop.yaml': '# ours\nname: shop\nextends: web-server\nhost: { memory: 64MiB }\n',
      'ports.yaml': 'name: other\nextends: web-server\ntraffic: { ports: null }\n',
    });
    const { problems } = JSON.parse((await validate('json', cwd, ['.'])).stdout);
    const shipped = problems.filter(({ locations }: { locations: { path?: string }[] }) =>
      locations.every(({ path }) => path === undefined),
    );
    expect(shipped.length).toBeGreaterThan(0);
    const lines = (await validate('github', cwd, ['.'])).stdout.trim().split('\n');
    for (const line of lines) expect(line).toMatch(/file=(shop|ports)\.yaml,line=\d/);
    expect(lines.join('\n')).toMatch(/file=(shop.yaml,line=3|ports.yaml,line=2),/);
  });

  it('are left out for standard input, but by GitLab, which wants one', () => {
    const run = (format: string) =>
      nettune(['validate', '--format', format, '-'], { input: SHOP, env: { GITHUB_STEP_SUMMARY: '' } }).stdout;
    expect(run('github')).not.toContain('file=');
    expect(JSON.parse(run('sarif')).runs[0].results[0]).not.toHaveProperty('locations');
    expect(JSON.parse(run('gitlab'))[0].location).toEqual({ path: '<stdin>', lines: { begin: 4 } });
    expect(JSON.parse(run('json')).problems[0].locations[0]).toMatchObject({ file: '<stdin>', line: 4 });
  });
});

describe('a fingerprint', () => {
  const of = async (text: string) => {
    const cwd = temporaryFolder({ 'shop.yaml': text });
    return (await say(cwd, ['shop.yaml'])).map(({ fingerprint }) => fingerprint).sort();
  };

  it('stays when a file gets comments, lines and another order', async () => {
    const before = await of('name: shop\nextends: web-server\nhost: { memory: 16GB }\ntrafic: 1\n');
    expect(before).toHaveLength(2);
    expect(await of('# why\n\ntrafic: 1 # odd\nhost:\n\n  memory: 16GB\nextends: web-server\nname: shop\n')).toEqual(
      before,
    );
    expect(await of('name: shop\nextends: web-server\nhost: { memory: 16MB }\ntrafic: 1\n')).not.toEqual(before);
  });

  it('stays when the fault of a base that cannot be read moves', async () => {
    const withBase = (base: string) => {
      const cwd = temporaryFolder({ 'shop.yaml': 'name: shop\nextends: ./base.yaml\n', 'base.yaml': base });
      return say(cwd, ['shop.yaml']);
    };
    expect(await withBase('\n\n a: [')).toEqual(await withBase(' a: ['));
  });

  it('is another one for each of several that are equal', async () => {
    const equal = await of(
      'name: shop\nextends: web-server\ntraffic: { outbound: [{ port: x }, { port: x }, { port: x }] }\n',
    );
    expect(new Set(equal).size).toBe(equal.length);
    expect(equal.length).toBeGreaterThan(3);
  });

  it('is the same in every format', async () => {
    const cwd = temporaryFolder({ 'shop.yaml': SHOP });
    const fingerprints = (await say(cwd, ['shop.yaml'])).map(({ fingerprint }) => fingerprint);
    const { problems } = JSON.parse((await validate('json', cwd, ['shop.yaml'])).stdout);
    expect(problems.map(({ fingerprint }: Said) => fingerprint)).toEqual(fingerprints);
    const [{ results }] = JSON.parse((await validate('sarif', cwd, ['shop.yaml'])).stdout).runs;
    expect(results.map((each: { partialFingerprints: object }) => each.partialFingerprints)).toEqual(
      fingerprints.map((fingerprint) => ({ primaryLocationLineHash: fingerprint })),
    );
  });
});

/** The same commands from GitHub's own library. */
function annotateWithToolkit(
  annotations: readonly { severity: string; message: string; properties: object }[],
): string {
  const args = [join(CHECKOUT, 'test/support/annotate.mjs'), JSON.stringify(annotations)];
  return spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout;
}

describe('commands for GitHub', () => {
  it.each(['100%, or: ü😀.yaml', 'a\nb\r.yaml', '::error::%0A.yaml'])(
    'are those that its own library would print, for a file named %j',
    async (name) => {
      const cwd = temporaryFolder({ [name]: 'name: "100%: a,b"\nextends: web-server\n' });
      const { stdout } = await validate('github', cwd, ['.']);
      const [problem] = JSON.parse((await validate('json', cwd, ['.'])).stdout).problems;
      const { line, column, endColumn } = problem.locations[0];
      const properties = {
        title: problem.id,
        file: name,
        startLine: line,
        endLine: line,
        startColumn: column,
        endColumn,
      };
      expect(stdout).toBe(
        annotateWithToolkit([{ severity: 'error', message: `${problem.message}; ${problem.remedy}`, properties }]),
      );
      expect(stdout.match(/^.*$/gm)).toHaveLength(2);
    },
  );

  it('are errors first, and say how many GitHub does not show', async () => {
    const cwd = temporaryFolder({ 'a.yaml': WARNED, 'b.yaml': writeFaults(13), 'c/c.yaml': writeFaults(11) });
    const lines = (await validate('github', cwd, ['.'])).stdout.trim().split('\n');
    expect(lines.map((line) => line.split(' ')[0])).toEqual([...Array(13).fill('::error'), '::warning', '::notice']);
    expect(lines.at(-1)).toMatch(/ Not shown: 3 more errors\.$/);
    expect((await validate('github', cwd, ['c'])).stdout).toMatch(/ Not shown: 1 more error\.\n$/);
  });

  it('are no more than a log can hold', async () => {
    const keys = Array.from({ length: 200 }, (_, index) => `k${index}: 1\n`).join('');
    const { stdout } = await validate('github', temporaryFolder({ 'a.yaml': keys }), ['a.yaml']);
    expect(stdout.trim().split('\n')).toHaveLength(101);
  });
});

describe('the summary of a step on GitHub', () => {
  const withSummary = async (content: string | undefined, profile: string) => {
    const cwd = temporaryFolder({ 'shop.yaml': profile });
    const path = join(cwd, 'summary.md');
    if (content !== undefined) writeFileSync(path, content);
    const run = await validate('github', cwd, ['shop.yaml'], { GITHUB_STEP_SUMMARY: path });
    return { ...run, summary: readFileSync(path, 'utf8') };
  };

  it('gets every problem, after what is there', async () => {
    const { summary, code } = await withSummary('Before.\n', SHOP);
    expect(code).toBe(1);
    expect(summary).toMatch(/^Before\.\n\n### nettune validate\n\n1 profile: 2 errors\n\n\| \|/);
    expect(summary).toContain("| error | `shop.yaml:4:9` | `there is no key '😀' here` |");
    expect((await withSummary(undefined, 'name: a\nextends: web-server\n')).summary).toContain(
      '1 profile: no problems\n',
    );
  });

  it('holds no markup and no further cell of a stranger', async () => {
    const text = 'x`</td>\\|| [a](http://e) @all <b>';
    const { summary } = await withSummary('', `name: '${text}'\nextends: '${text}'\n'${text}': 1\n`);
    const rows = summary.split('\n').filter((line) => line.startsWith('| error'));
    expect(rows).toHaveLength(3);
    for (const row of rows) {
      expect(row.match(/(?<!\\)\|/g)).toHaveLength(6);
      expect(row).not.toMatch(/\\\\\|/);
      expect(row.replace(/`[^`]*`/g, '')).toMatch(/^[a-z| ]*$/);
    }
  });

  it('never grows beyond what GitHub takes', async () => {
    const keys = Array.from({ length: 300 }, (_, index) => `"😀${'k'.repeat(35)}${index}": 1\n`).join('');
    const { summary } = await withSummary('x'.repeat(2 ** 20 - 50_000), keys);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(2 ** 20);
    expect(summary).toMatch(/\n… and \d+ more\n$/);
    expect((await withSummary('x'.repeat(2 ** 20), SHOP)).summary).toHaveLength(2 ** 20);
  });

  it.each([
    { what: 'a folder', path: '.', reason: 'it is a folder' },
    { what: 'a folder that is gone', path: 'gone/summary.md', reason: 'no such file or folder' },
    { what: 'a device', path: '/dev/null', reason: 'is not a regular file' },
  ])('that is $what is told in a line, exit code 2', async ({ path, reason }) => {
    const cwd = temporaryFolder({ 'shop.yaml': SHOP });
    const { code, stdout, stderr } = await validate('github', cwd, ['shop.yaml'], { GITHUB_STEP_SUMMARY: path });
    expect({ code, stderr }).toEqual({ code: 2, stderr: `error: ${path}: cannot be written: ${reason}\n` });
    expect(stdout).toMatch(/^::error /);
  });

  it('is written for no other format', async () => {
    const cwd = temporaryFolder({ 'shop.yaml': SHOP });
    await validate('sarif', cwd, ['shop.yaml'], { GITHUB_STEP_SUMMARY: join(cwd, 'summary.md') });
    expect(readdirSync(cwd)).toEqual(['shop.yaml']);
  });
});

describe('a log in SARIF', () => {
  it('names files as parts of a URI, and links nowhere', async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'a b#?'));
    writeFileSync(join(cwd, 'a b#?/ü%:[x].yaml'), 'name: "[a](http://e)"\nextends: web-server\n');
    const [run] = JSON.parse((await validate('sarif', cwd, ['a b#?'])).stdout).runs;
    const { artifactLocation } = run.results[0].locations[0].physicalLocation;
    expect(artifactLocation).toEqual({ uri: 'a%20b%23%3F/%C3%BC%25%3A%5Bx%5D.yaml', uriBaseId: '%SRCROOT%' });
    expect(run.results[0].message.text).toContain('`\\[a\\](http://e)`');
  });

  it('describes the rule of each result', async () => {
    const cwd = temporaryFolder({ 'a.yaml': WARNED, 'b.yaml': SHOP });
    const [run] = JSON.parse((await validate('sarif', cwd, ['.'])).stdout).runs;
    expect(run.results.length).toBeGreaterThan(2);
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
    for (const rule of run.tool.driver.rules) expect(rule.shortDescription.text).toBeTruthy();
  });

  it('has every place that contributed', async () => {
    const cwd = temporaryFolder({
      'a.yaml': 'name: a\nextends: web-server\n',
      'b.yaml': 'name: a\nextends: web-server\n',
    });
    const [{ results }] = JSON.parse((await validate('sarif', cwd, ['.'])).stdout).runs;
    expect(results[0]).toMatchObject({
      locations: [{ physicalLocation: { artifactLocation: { uri: 'b.yaml' } } }],
      relatedLocations: [{ id: 1, physicalLocation: { artifactLocation: { uri: 'a.yaml' } } }],
    });
  });
});

describe('kinds of problems', () => {
  it('are described, whether a check finds them or none', () => {
    const folder = join(CHECKOUT, 'test/problems');
    const reports = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('report.txt'),
    );
    const ids = reports.flatMap((path) =>
      [...readFileSync(join(folder, path), 'utf8').matchAll(/(?:error|warning): .*\[([a-z-]+)\]$/gm)].map(
        ([, id = '']) => id,
      ),
    );
    expect(new Set(ids).size).toBeGreaterThan(CHECKS.length);
    for (const id of ids) expect(describeKind(id), id).toHaveProperty('what');
  });
});
