import { afterAll, beforeAll, expect, test } from 'vitest';
import { harm } from '../support/harm.ts';
import { type Observation, Oracle } from '../support/oracle.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { RULE_SETS } from '../support/rulesets.ts';
import { mustRunIn } from '../support/run-in.ts';
import { NEWCOMERS, STRANGERS, Stage } from '../support/stage.ts';
import { restore } from '../support/try-rule-set.ts';

requirePrograms({ ip: 'iproute2', iptables: 'iptables', python3: 'python3' });

const BANNED = '203.0.113.66';
const ruleSet = RULE_SETS.find(({ name }) => name === 'stock/dual-stack');

/** What a host's rules may come to, by hand, and what the oracle says of it. */
const CHANGES: readonly (readonly [what: string, rule: string, sees: RegExp | undefined])[] = [
  ['nothing', '-m comment --comment nothing', undefined],
  ['a banned address is refused in another way', `-s ${BANNED} -p tcp -j REJECT --reject-with tcp-reset`, undefined],
  [
    'a banned address gets in',
    `-s ${BANNED} -p tcp --dport 80 -j ACCEPT`,
    /^203\.0\.113\.66 → .*:80: silent, then opened/m,
  ],
  [
    'its segments get in, its connections do not',
    `-s ${BANNED} -p tcp --tcp-flags SYN,ACK ACK -j ACCEPT`,
    /^stray 203\.0\.113\.66 → .*:80: silent, then reaches TCP/m,
  ],
  [
    'a stranger is shut out',
    `-s ${NEWCOMERS[0]} -p tcp --syn -j DROP`,
    /^62\.75\.20\.10 → .*:80: opened, then silent/m,
  ],
  [
    'the host is shut out from itself',
    '-i lo -p tcp --dport 443 -j DROP',
    /^the host → 127\.0\.0\.1:443: opened, then silent/m,
  ],
  ['errors about long packets are lost', '-p icmp -j DROP', /^62\.75\.20\.10 → .*:80: opened, then cut short/m],
  [
    'open connections are ended',
    `-s ${STRANGERS[0]} -p tcp --dport 443 -m conntrack --ctstate ESTABLISHED -j REJECT --reject-with tcp-reset`,
    /^idle 62\.75\.20\.9 → .*:443: goes on, then .*ECONNRESET/m,
  ],
];

let stage: Stage;
let oracle: Oracle;
let before: Observation;

beforeAll(async () => {
  if (!ruleSet) throw new Error('the rule set of this test is gone');
  stage = new Stage(ruleSet, 'iptables-nft');
  await stage.build();
  await restore(stage, ruleSet, 'iptables-nft');
  oracle = new Oracle(ruleSet, stage);
  await oracle.start();
  before = await oracle.observe();
});

afterAll(() => stage?.remove());

test.each(CHANGES)('%s: the oracle says what that does to connections', async (_, rule, sees) => {
  await mustRunIn(stage.server, ['iptables', '-I', 'INPUT', ...rule.split(' ')]);
  const found = harm(before, await oracle.observe());
  await mustRunIn(stage.server, ['iptables', '-D', 'INPUT', ...rule.split(' ')]);
  if (sees === undefined) expect(found).toEqual([]);
  else expect(found.join('\n')).toMatch(sees);
});
