import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Profile } from '../../generated/profile.ts';
import { PROFILE_SCHEMA } from '../../generated/texts.ts';
import { formatProblem } from '../../src/report/format-problem.ts';
import { plain } from '../../src/report/style.ts';
import type { Artifact } from '../../src/values/artifact.ts';
import { formatValue } from '../../src/values/format-value.ts';
import type { Decision } from '../../src/values/plan.ts';
import type { Problem } from '../../src/values/problem.ts';
import { arbitraryProfile, hostileText } from '../support/arbitrary-profile.ts';
import { compileBytes, compileProfile, writeYaml } from '../support/compile-profile.ts';

/** Nothing that a terminal, a CI log or a parser could take for more than text. The newline ends lines. */
const UNPRINTABLE = /[^\P{C}\n]|\p{Zl}|\p{Zp}/u;

/** A comment that ends in a backslash goes on in the next line, to many readers. */
const CONTINUED_COMMENT = /^\s*#.*\\$/;

const artifactsOf = (profile: Profile): Artifact[] =>
  compileProfile(profile).compiled.flatMap(({ artifacts }) => artifacts());

/** What a parser sees of a file: its lines without comments, of which a plan has sums. */
const effective = ({ content }: Artifact): string[] =>
  content
    .split('\n')
    .filter((line) => !/^\s*(#|<!--.*-->$)/.test(line))
    .map((line) => line.replace(/^(file \d+|end) \d+:\d+/, '$1'));

/** By the files' paths: compared in a few large pieces, of which a failure shows the lines that differ. */
const effectiveTexts = (artifacts: readonly Artifact[]) =>
  Object.fromEntries(artifacts.map((artifact) => [artifact.path, effective(artifact).join('\n')]));

describe('any profile that the schema accepts', () => {
  it('has a plan, sets each sysctl once, and shows whatever text it has as text', () => {
    fc.assert(
      fc.property(arbitraryProfile(hostileText), (profile) => {
        const { compiled, problems } = compileProfile(profile);
        expect(problems.filter(({ id }) => /^(wrong|unknown|yaml|missing)/.test(id))).toEqual([]);
        expect(compiled).toHaveLength(1);
        const decisions = compiled.flatMap(({ plan }) => plan.decisions);
        const artifacts = compiled.flatMap(({ artifacts: render }) => render());
        expectReasons(decisions, problems);
        expectSysctls(decisions, artifacts);
        expectHarmless(profile, artifacts);
      }),
      { numRuns: 1000 },
    );
  });

  it('makes the same bytes each time, whatever the order of its keys', () => {
    const reverse = (value: unknown): unknown =>
      value && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, inner]) => [key, reverse(inner)]),
          )
        : value;
    fc.assert(
      fc.property(arbitraryProfile(hostileText), (profile) => {
        expect(artifactsOf(reverse(profile) as Profile)).toEqual(artifactsOf(profile));
      }),
      { numRuns: 300 },
    );
  });
});

/** Nothing in them is a slip of JavaScript, and no remedy ends where its value should be. */
function expectReasons(decisions: readonly Decision[], problems: readonly Problem[]): void {
  const reasons = decisions.filter(({ rule }) => rule !== 'override').map(({ reason }) => reason);
  const said = [...reasons, ...problems.flatMap(({ message, remedy }) => [message, remedy])];
  expect(said.filter((text) => /NaN|undefined|Infinity|\[object|write $/.test(text))).toEqual([]);
}

/** Each is set once, to the value of its decision, in the file that carries them. */
function expectSysctls(decisions: readonly Decision[], artifacts: readonly Artifact[]): void {
  const file = artifacts.find(({ path }) => path.includes('/etc/sysctl.d/')) as Artifact;
  const lines = effective(file).filter(Boolean);
  const decided = decisions.filter(({ parameter }) => /^(net|fs)\./.test(parameter));
  expect(lines).toEqual(decided.map(({ spelling, value }) => `${spelling} = ${formatValue(value)}`));
  expect(new Set(lines.map((line) => line.split(' ')[0])).size).toBe(lines.length);
}

/** Its text changes no line that a parser reads, and puts no character into a file that is more than text. */
function expectHarmless(profile: Profile, artifacts: readonly Artifact[]): void {
  const harmless = JSON.parse(JSON.stringify(profile), (key, value) =>
    ['because', 'summary', 'unproven'].includes(key) ? 'text' : value,
  );
  expect(effectiveTexts(artifacts)).toEqual(effectiveTexts(artifactsOf(harmless)));
  const lines = new Set(artifacts.flatMap(({ content }) => content.split('\n'))); // headers are the same in most files
  expect([...lines].filter((line) => UNPRINTABLE.test(line) || CONTINUED_COMMENT.test(line))).toEqual([]);
}

describe('the role of any profile', () => {
  it('has variables that name every file that it carries, and no text of the profile', () => {
    fc.assert(
      fc.property(arbitraryProfile(hostileText), (profile) => {
        const { compiled } = compileProfile(profile);
        fc.pre(compiled.every(({ plan }) => plan.host.distribution.programs.systemd)); // without it there is no role
        const artifacts = compiled.flatMap(({ artifacts: render }) => render());
        const { content } = artifacts.find((artifact) => artifact.path.endsWith('/vars/main.yml')) as Artifact;
        const id = `nettune_${profile.name.replaceAll('-', '_')}`;
        const below = artifacts.map((artifact) => artifact.path.slice(profile.name.length + 1));
        const { [`__${id}_carried`]: named, ...rest } = parse(content);
        expect([...named].sort()).toEqual(below.filter((file) => /^(plan$|etc\/)/.test(file)).sort());
        expect(named.filter((file: string) => !/^[A-Za-z0-9@_./-]+$/.test(file))).toEqual([]);
        const same = { ...profile, name: 'x', summary: 'none' };
        const other = artifactsOf(same).find((artifact) => artifact.path.endsWith('/vars/main.yml')) as Artifact;
        const { [`__${id}_carried`]: _, ...others } = parse(
          other.content
            .replaceAll('nettune_x_', `${id}_`)
            .replaceAll('nettune-x.', `nettune-${profile.name}.`)
            .replace('file x/', `file ${profile.name}/`),
        );
        expect(rest).toEqual(others);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a reason to load what cannot be proven', () => {
  /** Comments that a loader takes for it: below the header, which ends with the first empty line. */
  const notesIn = ({ content }: Artifact) => content.slice(content.indexOf('\n\n')).match(/^# unproven: .*$/gm) ?? [];

  it('is one line of the rules that untrack and of no other file, and nothing else passes for it', () => {
    const posing = fc.oneof(
      hostileText,
      hostileText.map((text) => `unproven: ${text}`.slice(0, 100)),
    );
    fc.assert(
      fc.property(arbitraryProfile(posing), (profile) => {
        const [compiled] = compileProfile(profile).compiled;
        const rules = (compiled?.artifacts() ?? []).filter(({ path }) =>
          /^[^/]+\/etc\/nettune\/[^/]+\/(raw\.rules|rules\.nft|accept\.rules)$/.test(path),
        );
        const noted = rules.filter((artifact) => notesIn(artifact).length > 0).map(({ path }) => path);
        const expected = compiled?.plan.unproven === undefined ? [] : rules.filter(({ path }) => !/accept/.test(path));
        expect(noted).toEqual(expected.map(({ path }) => path));
        expect(rules.flatMap(notesIn)).toHaveLength(expected.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('hostile text in a profile', () => {
  it('in any key or value shows as text in a report, and starts no command of a CI system', () => {
    const anything = fc.dictionary(
      hostileText,
      fc.oneof(
        hostileText,
        fc.array(hostileText, { maxLength: 2 }),
        fc.dictionary(hostileText, hostileText, { maxKeys: 2 }),
      ),
      { maxKeys: 5 },
    );
    fc.assert(
      fc.property(anything, arbitraryProfile(hostileText), (extra, profile) => {
        const { problems } = compileBytes(new TextEncoder().encode(writeYaml({ ...profile, ...extra })));
        const report = problems.map((problem) => formatProblem(problem, plain)).join('\n');
        expect(UNPRINTABLE.exec(report)).toBeNull();
        expect(/^\s*::|##[\w.]*\[/m.exec(report)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });
});

describe('any value under any key', () => {
  /** Paths of the schema, as far as they have names. */
  const listPaths = (schema: { properties?: Record<string, object> }, path: string[] = []): string[][] =>
    Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => [
      [...path, key],
      ...listPaths(inner, [...path, key]),
    ]);
  const paths = listPaths(PROFILE_SCHEMA);
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(null, {}, [], [{}], [[]], 1e300, -1, 0.5, '', ' '),
  );

  it('ends in a problem or a plan, never in an exception', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), anything, arbitraryProfile(), (path, value, profile) => {
        const nested = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;
        const { problems } = compileBytes(new TextEncoder().encode(writeYaml({ ...profile, ...nested })));
        const said = problems.map((problem) => formatProblem(problem, plain));
        expect(said.filter((text) => /undefined|\[object|do: \w+ $/.test(text))).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('any bytes at all', () => {
  const text = stringify({
    name: 'shop',
    extends: 'web-server',
    host: { memory: '4GiB' },
    traffic: { ports: [80] },
    sysctl: { 'net.core.somaxconn': { value: 1, because: 'x' } },
  });

  it('end in a problem or a plan, never in an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void compileBytes(bytes)),
      { numRuns: 2000 },
    );
  });

  it('mixed into a profile end in a problem or a plan, never in an exception', () => {
    const cut = fc.tuple(
      fc.nat(text.length),
      fc.nat(8),
      fc.oneof(
        fc.string({ maxLength: 6 }),
        fc.constantFrom(
          '&a ',
          '*a',
          '<<: ',
          '- ',
          '? ',
          '{',
          '[',
          '"',
          '|\n',
          '!!x ',
          '\t',
          '\n',
          ': ',
          '---\n',
          '...\n',
          '%YAML 1.1\n',
        ),
      ),
    );
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 4 }), (cuts) => {
        const mutated = cuts.reduce(
          (mixed, [at, gone, put]) => mixed.slice(0, at) + put + mixed.slice(at + gone),
          text,
        );
        compileBytes(new TextEncoder().encode(mutated)).compiled.flatMap(({ artifacts }) => artifacts());
      }),
      { numRuns: 3000 },
    );
  });
});
