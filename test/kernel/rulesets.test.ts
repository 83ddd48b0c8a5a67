import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, test } from 'vitest';
import { isLong } from '../support/long.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import type { RuleSet, Verdicts } from '../support/ruleset.ts';
import { RULE_SETS } from '../support/rulesets.ts';
import { Profiles, tryRuleSet } from '../support/try-rule-set.ts';

requirePrograms({
  ip: 'iproute2',
  iptables: 'iptables',
  ipset: 'ipset',
  nft: 'nftables',
  conntrack: 'conntrack',
  python3: 'python3',
});

/** Every rule set on each of its engines: `npm run test:long`. Otherwise a sample: every sixth one, on one of them in turn. */
const EVERY = 6;
const CASES = RULE_SETS.flatMap((ruleSet, index) => {
  const { engines } = ruleSet;
  const isChosen = (turn: number) => index % EVERY === 0 && turn === (index / EVERY) % engines.length;
  return engines
    .filter((_, turn) => isLong || isChosen(turn))
    .map((engine) => ({ name: ruleSet.name, expected: inWords(ruleSet), ruleSet, engine }));
});

/** What became of each rule set, by name and engine: docs/hosts.md shows it, and CI compares its sample. */
const PAGE = fileURLToPath(new URL('rulesets/verdicts.json', import.meta.url));
const isUpdating = isLong && process.env['UPDATE_GOLDEN'] === '1';
const expected: Verdicts = JSON.parse(readFileSync(PAGE, 'utf8'));
const found: Verdicts = {};
afterAll(() => {
  if (!isUpdating) return;
  // In the order of the rows and their engines, whoever ended first. What was not tried this time (`-t`) is as it was.
  const ordered = RULE_SETS.map(({ name, engines }) => {
    const verdicts = { ...expected[name], ...found[name] };
    return [name, Object.fromEntries(engines.map((engine) => [engine, verdicts[engine]]))];
  });
  writeFileSync(PAGE, `${JSON.stringify(Object.fromEntries(ordered), undefined, 2)}\n`);
});

const profiles = new Profiles();
afterAll(() => profiles.remove());

describe.concurrent('a host with rules of its own stays as it is', () => {
  test.for(CASES)('$name by $engine: $expected', async ({ ruleSet, engine }, { expect, onTestFinished }) => {
    const verdict = await tryRuleSet(ruleSet, engine, profiles, onTestFinished);
    const { outcome, messages, isUntracked, ...nothing } = verdict;
    expect(nothing).toEqual({ unlike: [], harm: [], changed: [], leftBehind: [] });
    expect(outcome, messages).not.toBe('failed');
    const said = { outcome, because: toldIn(messages) };
    found[ruleSet.name] = { ...found[ruleSet.name], [engine]: said };
    // How many more reasons there are like those depends on time; what became of it does not.
    if (!isUpdating) expect(outcome, messages).toBe(expected[ruleSet.name]?.[engine]?.outcome);
    if (ruleSet.outcome === 'loads')
      expect({ outcome, isUntracked }, messages).toEqual({ outcome: 'loads', isUntracked: true });
    if (ruleSet.outcome instanceof RegExp) {
      expect(outcome, 'loaded, where it cannot know that nothing changes').toBe('refused');
      expect(messages).toMatch(ruleSet.outcome);
    }
  });
});

/** Reasons and notes, without who says them and what became of the host. */
function toldIn(messages: string): string[] {
  const lines = messages
    .split('\n')
    .map((line) => line.replace(/^nettune \S+: +/, '').replace(/\S+(?=\/etc\/nettune)/g, ''))
    // Each veth has another one.
    .map((line) => line.replace(/fe80::[0-9a-f]+(:[0-9a-f]+){3}/g, 'fe80::…'));
  return lines.filter((line) => !/^$|^not loaded:$|^or go without untracking|^nothing was changed$/.test(line));
}

/** The title of what must hold. */
function inWords({ outcome }: RuleSet): string {
  if (outcome === 'loads') return 'loads';
  return outcome === 'either' ? 'loads, or is refused' : `is refused for ${outcome.source}`;
}
