import { assignsHelpers } from '../rules/helpers.ts';
import { isUntracking } from '../rules/packet-rules.ts';
import { packetTool } from '../rules/packet-tool.ts';
import { noteUnproven } from '../text/comments.ts';
import type { Plan } from '../values/plan.ts';
import { NOT_OPENING, nameHelper, spellRule } from './nftables-rule.ts';
import type { Draft, Output } from './output.ts';
import { draftOwnerLines } from './owner-lines.ts';
import { draftUnit } from './rules-unit.ts';

/** A table that keeps connections out of the connection table or has them read, what loads it, and what runs that at boot. */
export const nftables: Output = {
  id: 'nftables',
  title: 'Packet rules of nft',
  readBy: '`nettune-host`, by a unit of ours',
  takesEffect:
    'At once by `nettune-host apply`, and at every boot, when a proof has shown that the ports are still accepted.',
  // That of `iptables`: of these two, one writes for a plan.
  territory: [],
  draft: (plan) => (isFor(plan) ? [...draftTables(plan), draftUnit(plan)] : []),
};

const isFor = ({ profile, host, packetRules }: Plan): boolean =>
  packetRules.length > 0 && packetTool(profile, host.distribution) === 'nftables';

function draftTables(plan: Plan): Draft[] {
  return assignsHelpers(plan) ? [draftHelpers(plan)] : [draftUntracking(plan), ...draftOwnerLines(plan)];
}

/** The profile's, below etc/nettune/; the loader knows it by this name. */
const RULES = 'rules.nft';

const HOOKS = { incoming: 'prerouting', outgoing: 'output' } as const;

function draftUntracking(plan: Plan): Draft {
  const chains = (['incoming', 'outgoing'] as const).map((hook) => ({
    name: hook,
    hook: HOOKS[hook],
    rules: plan.packetRules
      .filter((rule) => rule.hook === hook && isUntracking(rule))
      .map((rule) => ({ reason: rule.reason, lines: spellRule(rule, plan.servedPorts) })),
  }));
  return {
    path: `etc/nettune/${plan.name}/${RULES}`,
    purpose: 'leaves the served ports untracked',
    body: {
      template: 'nftables/untrack',
      view: { id: idOf(plan), unproven: noteUnproven(plan.unproven), chains, leaving: draftLeaving(plan) },
    },
  };
}

/**
 * Segments of connections that were untracked have no entry when untracking ends. Where the tracker takes none of them up
 * (`tcp_loose` 0), they stay untracked for a while: the filter accepts them so, as the proof has shown.
 */
function draftLeaving(plan: Plan) {
  return (['incoming', 'outgoing'] as const).map((hook) => ({
    name: `${hook}_open`,
    hook: HOOKS[hook],
    lines: plan.packetRules
      .filter((rule) => rule.hook === hook && rule.action === 'untrack' && !rule.loopbackOnly)
      .flatMap((rule) => spellRule(rule, plan.servedPorts))
      // The loader finds the served ports right before `fib`: not twice.
      .map((line) => line.replace(/( fib daddr type local)? notrack$/, ` ${NOT_OPENING} ct state invalid$1 notrack`)),
  }));
}

function draftHelpers(plan: Plan): Draft {
  const helpers = plan.packetRules.flatMap(({ helper }) =>
    helper ? [{ object: nameHelper(helper), name: helper.name, protocol: helper.protocol }] : [],
  );
  const rules = plan.packetRules.map((rule) => ({ reason: rule.reason, lines: spellRule(rule, plan.servedPorts) }));
  return {
    path: `etc/nettune/${plan.name}/${RULES}`,
    purpose: 'assigns helpers to connections that pass',
    body: { template: 'nftables/helpers', view: { id: idOf(plan), helpers, rules } },
  };
}

/** A name in nft has no dash. */
const idOf = ({ name }: Plan): string => name.replaceAll('-', '_');
