import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Profile } from '../../generated/profile.ts';
import { comparePlans } from '../../src/compare-plans.ts';
import { formatComparison } from '../../src/report/comparison/format-comparison.ts';
import { formatComparisonMarkdown } from '../../src/report/comparison/format-comparison-markdown.ts';
import { plain } from '../../src/report/style.ts';
import { printableJson } from '../../src/text/printable.ts';
import type { Choice, Comparison, ProfileComparison } from '../../src/values/comparison.ts';
import type { Compiled } from '../../src/values/compilation.ts';
import type { Plan } from '../../src/values/plan.ts';
import { arbitraryProfile, hostileText } from '../support/arbitrary-profile.ts';
import { compileBytes, compileProfile } from '../support/compile-profile.ts';
import { faultsOf } from '../support/schemas.ts';

/** What a comparison is made of. */
function sideOf(profile: Profile, broken: readonly string[] = []) {
  return { compiled: compileProfile(profile).compiled, broken };
}

function compareProfiles(one: Profile, other: Profile, broken?: readonly string[]): Comparison {
  return comparePlans(sideOf(one), sideOf(other, broken), { arePair: true });
}

const pairs = (text?: fc.Arbitrary<string>) => fc.tuple(arbitraryProfile(text), arbitraryProfile(text));

/** Of files with errors, by whoever wants a reviewer to follow a link. */
const fileNames = fc.array(
  fc.oneof(hostileText, fc.constantFrom('@team', 'www.example.com', '[x](https://example.com)')),
);

/** A profile, and the same one with some keys of another. */
const relatives = pairs().map(([one, other]): [Profile, Profile] => {
  const { name, role, host } = one;
  return [one, { ...one, ...other, name, role, host }];
});

describe('a comparison of any two profiles', () => {
  it('is as its schema describes it', () => {
    fc.assert(
      fc.property(pairs(hostileText), ([one, other]) => {
        const parsed = JSON.parse(printableJson({ version: 1, ...compareProfiles(one, other) }));
        expect(faultsOf('compare', parsed)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('of a profile with itself is empty, whatever the order of its keys, and whatever is said beside them', () => {
    fc.assert(
      fc.property(arbitraryProfile(hostileText), fc.nat(), (profile, seed) => {
        const text = stringify(shuffle(profile, seed), { lineWidth: 0 });
        const before = compileBytes(new TextEncoder().encode(stringify(profile, { lineWidth: 0 })));
        const after = compileBytes(new TextEncoder().encode(`# a comment\n${text}# another one\n`));
        const { profiles } = comparePlans({ ...before, broken: [] }, { ...after, broken: [] });
        expect(profiles).toEqual([]);
        expect(before.compiled).toHaveLength(1);
      }),
      { numRuns: 50 },
    );
  });

  it('has all that makes the new decisions, packet rules and files of the old ones', () => {
    fc.assert(
      fc.property(fc.oneof(pairs(), relatives), ([one, other]) => {
        const [before, after] = [one, other].map(compileOne) as [Compiled, Compiled];
        const [change = UNCHANGED] = compareProfiles(one, other).profiles;
        expect(putDecisions(before.plan, change)).toEqual(listDecisions(after.plan));
        expect(putRules(before.plan, change)).toEqual(listRules(after.plan));
        const told = new Set(change.artifacts.map(({ path }) => path));
        const untold = ({ artifacts }: Compiled) => {
          const left = artifacts().filter(({ path }) => !told.has(path));
          return Object.fromEntries(left.map(({ path, mode, content }) => [path, [mode, content]]));
        };
        expect(untold(before)).toEqual(untold(after));
      }),
      { numRuns: 60 },
    );
  });

  it('names the servers that apply restarts by the lines that it reads, and no others', () => {
    fc.assert(
      fc.property(fc.oneof(pairs(), relatives), ([one, other]) => {
        const [change] = compareProfiles(one, { ...other, name: one.name }).profiles;
        const expected = listRestartsOf(one, { ...other, name: one.name });
        expect((change?.restarts ?? []).map(({ service }) => service).sort()).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('of strangers starts no command of a CI system, and shows as text', () => {
    const words = fc.array(fc.constantFrom('::error::x', '##vso[x]', '\u009b2J', '\u202e', 'w'.repeat(40)), {
      minLength: 3,
    });
    const text = fc.oneof(
      hostileText,
      words.map((each) => each.join(' ').slice(0, 290)),
    );
    fc.assert(
      fc.property(pairs(text), fileNames, ([one, other], broken) => {
        for (const report of [formatComparison, formatComparisonMarkdown])
          expect(report(compareProfiles(one, other, broken), plain)).not.toMatch(/^\s*::|##[\w.]*\[|[^\P{C}\n]/mu);
      }),
      { numRuns: 50 },
    );
  });

  it('of strangers is code in a pull request, and ends no cell', () => {
    fc.assert(
      fc.property(pairs(hostileText), fileNames, ([one, other], broken) => {
        const lines = formatComparisonMarkdown(compareProfiles(one, other, broken)).split('\n');
        const rows = lines.filter((line) => line.startsWith('|'));
        expect(rows.filter((row) => ![4, 5].includes(row.match(/(?<!\\)\|/g)?.length ?? 0))).toEqual([]);
        const bare = lines.map((line) => line.replace(/`[^`]*`|<br>/g, ''));
        expect(bare.filter((line) => /(?<!\\)[<>`[]|@|https?:|www\./.test(line))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

type Change = Pick<ProfileComparison, 'decisions' | 'packetRules' | 'artifacts'>;

const UNCHANGED: Change = { decisions: [], packetRules: { gone: [], new: [] }, artifacts: [] };

function compileOne(profile: Profile): Compiled {
  const [compiled] = compileProfile(profile).compiled;
  if (!compiled) throw new Error('a valid profile has a plan');
  return compiled;
}

type Choices = Readonly<Record<string, Choice>>;

function listDecisions({ decisions }: Plan): Choices {
  return Object.fromEntries(
    decisions.map(({ parameter, spelling, ...rest }) => [parameter, { name: spelling, ...rest }] as const),
  );
}

/** The decisions of a plan with the changes put in their places. */
function putDecisions(plan: Plan, { decisions }: Change): Choices {
  const changed = new Set(decisions.map(({ parameter }) => parameter));
  const kept = Object.entries(listDecisions(plan)).filter(([parameter]) => !changed.has(parameter));
  const put = decisions.flatMap(({ parameter, after }) => (after ? [[parameter, after] as const] : []));
  return Object.fromEntries([...kept, ...put]);
}

function listRules({ packetRules }: Pick<Plan, 'packetRules'>): string[] {
  return packetRules.map((rule) => JSON.stringify(rule)).sort();
}

function putRules(plan: Plan, { packetRules }: Change): string[] {
  const rules = listRules(plan);
  for (const rule of packetRules.gone) rules.splice(rules.indexOf(JSON.stringify(rule)), 1);
  return [...rules, ...packetRules.new.map((rule) => JSON.stringify(rule))].sort();
}

/** The same value with the keys of its maps in another order. */
function shuffle(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffle(item, seed));
  if (!value || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, shuffle(inner, seed)] as const);
  const turn = entries.length === 0 ? 0 : seed % entries.length;
  return Object.fromEntries([...entries.slice(turn), ...entries.slice(0, turn)].reverse());
}

/** As list_restarts of templates/host/parts/changes.sh finds them, by the lines of both plans and the files beside them. */
function listRestartsOf(one: Profile, other: Profile): string[] {
  const [before, after] = [readPlanLines(one), readPlanLines(other)];
  const isChanged = (word: string) => before.sayOf(word) !== after.sayOf(word);
  const services = [...before.lines, ...after.lines].flatMap((line) => {
    const [, service, cause] = /^restarts (\S+) (\S+)$/.exec(line) ?? [];
    return service !== undefined && cause !== undefined && isChanged(cause) ? [service] : [];
  });
  return [...new Set(services)].sort();
}

/** `sayOf`: all that a plan says of a path or parameter, with the content of a file, from whose comments nothing follows. */
function readPlanLines(profile: Profile) {
  const artifacts = compileOne(profile).artifacts();
  const files = new Map(artifacts.map(({ path, content }) => [path.slice(profile.name.length + 1), content]));
  const lines = (files.get('plan') ?? '').split('\n');
  const sayOf = (word: string) =>
    lines
      .filter((line) => /^(file|link|line|value) /.test(line) && line.split(' ').slice(1, 4).includes(word))
      .map((line) => line.replace(/^(file \S+) \S+ .*$/, (_, file) => `${file} ${uncommented(files.get(word))}`))
      .sort()
      .join('\n');
  return { lines, sayOf };
}

/** A comment that ends in a backslash goes on in the next line, to httpd. */
function uncommented(content = ''): string[] {
  return content.split('\n').filter((line) => !/^ *#($| .)/.test(line) || line.endsWith('\\'));
}
