import { appendFileSync } from 'node:fs';
import { afterAll, describe, test } from 'vitest';
import { requirePrograms } from '../support/prerequisites.ts';
import type { RuleSet } from '../support/ruleset.ts';
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

/** Every rule set on each of its engines: `npm run test:long`. Otherwise a sample: every third one, on one of them in turn. */
const isLong = process.env['NETTUNE_LONG'] === '1';
const EVERY = 3;
const CASES = RULE_SETS.flatMap((ruleSet, index) => {
  const { engines } = ruleSet;
  const isChosen = (turn: number) => index % EVERY === 0 && turn === (index / EVERY) % engines.length;
  return engines
    .filter((_, turn) => isLong || isChosen(turn))
    .map((engine) => ({ name: ruleSet.name, expected: inWords(ruleSet), ruleSet, engine }));
});

/** What became of each, as a line of JSON, for who makes a table of it. */
const verdicts = process.env['NETTUNE_VERDICTS'];

const profiles = new Profiles();
afterAll(() => profiles.remove());

describe.concurrent('a host with rules of its own stays as it is', () => {
  test.for(CASES)('$name by $engine: $expected', async ({ ruleSet, engine }, { expect, onTestFinished }) => {
    const verdict = await tryRuleSet(ruleSet, engine, profiles, onTestFinished);
    if (verdicts) appendFileSync(verdicts, `${JSON.stringify({ name: ruleSet.name, engine, ...verdict })}\n`);
    const { outcome, messages, isUntracked, ...nothing } = verdict;
    expect(nothing).toEqual({ unlike: [], harm: [], changed: [], leftBehind: [] });
    expect(outcome, messages).not.toBe('failed');
    if (ruleSet.outcome === 'loads')
      expect({ outcome, isUntracked }, messages).toEqual({ outcome: 'loads', isUntracked: true });
    if (ruleSet.outcome instanceof RegExp) {
      expect(outcome, 'loaded, where it cannot know that nothing changes').toBe('refused');
      expect(messages).toMatch(ruleSet.outcome);
    }
  });
});

/** The title of what must hold. */
function inWords({ outcome }: RuleSet): string {
  if (outcome === 'loads') return 'loads';
  return outcome === 'either' ? 'loads, or is refused' : `is refused for ${outcome.source}`;
}
