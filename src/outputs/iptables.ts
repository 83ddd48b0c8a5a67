import { type Dialect, dialectOf } from '../distributions/iptables-dialect.ts';
import { assignsHelpers } from '../rules/helpers.ts';
import { packetTool } from '../rules/packet-tool.ts';
import { noteUnproven } from '../text/comments.ts';
import type { PacketRule, Plan } from '../values/plan.ts';
import { type SpecifiedRule, specifyRule } from './iptables-rule.ts';
import { specifyLease, specifyLeaving } from './lease-rule.ts';
import type { Draft, Output } from './output.ts';
import { draftUnit } from './rules-unit.ts';

/** Rules that keep connections out of the connection table or have them read, what loads them, and what runs that at boot. */
export const iptables: Output = {
  id: 'iptables',
  title: 'Packet rules of iptables',
  readBy: '`nettune-host`, by a unit of ours',
  takesEffect:
    'At once by `nettune-host apply`, and after every boot, when a proof has shown that the ports are still accepted.',
  territory: ['etc/nettune/', 'etc/systemd/system/nettune-'],
  draft: (plan) => (isFor(plan) ? [...draftRules(plan), ...draftUnits(plan)] : []),
};

/** An init script of ours (sysv) does it where there is no systemd. */
const draftUnits = (plan: Plan): Draft[] => (plan.host.distribution.programs.systemd ? [draftUnit(plan)] : []);

const isFor = ({ profile, host, packetRules }: Plan): boolean =>
  packetRules.length > 0 && packetTool(profile, host.distribution) === 'iptables';

function draftRules(plan: Plan): Draft[] {
  if (assignsHelpers(plan)) return [draftTable(plan, 'raw', 'assigns helpers to connections that pass')];
  return [
    draftTable(plan, 'raw', `leaves ${nameUntracked(plan)} untracked`),
    ...(plan.packetRules.some((rule) => tableOf(rule) === 'filter')
      ? [draftTable(plan, 'filter', `accepts untracked packets of ${nameUntracked(plan)}`)]
      : []),
  ];
}

/** What the rules are about, for people. */
function nameUntracked({ packetRules }: Plan): string {
  const tcp = packetRules.filter(({ port }) => port !== undefined);
  return [
    ...(tcp.some(({ peer }) => !peer) ? ['the served ports'] : []),
    ...(tcp.some(({ peer }) => peer) ? ['connections that this host opens'] : []),
  ].join(' and ');
}

const tableOf = ({ action }: PacketRule): 'raw' | 'filter' =>
  action === 'untrack' || action === 'assign-helper' ? 'raw' : 'filter';

const FILES = { raw: 'raw.rules', filter: 'accept.rules' };

function draftTable(plan: Plan, table: 'raw' | 'filter', purpose: string): Draft {
  const dialect = dialectOf(plan.host.distribution.programs.iptables);
  const rules = plan.packetRules.filter((rule) => tableOf(rule) === table);
  const chains = [...new Set(rules.map((rule) => chainFor(rule, plan)))];
  const planned = rules.map((rule) => ({
    reason: rule.reason,
    lines: inChain(chainFor(rule, plan), specifyRule(rule, plan.servedPorts, dialect)),
  }));
  const groups =
    table === 'raw' ? [...draftLease(plan, chains, dialect), ...planned] : [...planned, ...draftLeaving(plan, dialect)];
  const view = { table, unproven: table === 'raw' ? noteUnproven(plan.unproven) : [], chains, rules: groups };
  return { path: `etc/nettune/${plan.name}/${FILES[table]}`, purpose, body: { template: 'iptables/rules', view } };
}

const inChain = (chain: string, rules: readonly SpecifiedRule[]) =>
  rules.map(({ family, specification }) => `${family}-A ${chain} ${specification}`);

/** What untracking rests on. Helpers untrack nothing. */
function draftLease(plan: Plan, chains: readonly string[], dialect: Dialect) {
  if (!dialect.hasLease || assignsHelpers(plan)) return [];
  const lines = chains.flatMap((chain) => inChain(chain, specifyLease(plan.name)));
  return [{ reason: 'everything is tracked, unless the guard has just renewed its lease', lines }];
}

/** What eases its end. */
function draftLeaving(plan: Plan, dialect: Dialect) {
  if (!dialect.hasLease) return [];
  const rules = plan.packetRules.filter(({ action, loopbackOnly }) => action === 'accept-open' && !loopbackOnly);
  const lines = rules.flatMap((rule) => {
    const specified = specifyRule(rule, plan.servedPorts, dialect);
    return inChain(chainFor(rule, plan), specified.flatMap(specifyLeaving(plan.name)));
  });
  return [{ reason: 'connections that were open when untracking ended, for ten minutes', lines }];
}

/** What a chain is for, in the part of its name that its hook and its rules decide. */
const CHAINS: Readonly<Record<PacketRule['action'], Readonly<Record<PacketRule['hook'], string>>>> = {
  untrack: { incoming: 'PRE', outgoing: 'OUT' },
  'untrack-error': { incoming: 'PRE', outgoing: 'OUT' },
  'accept-open': { incoming: 'EST', outgoing: 'ANS' },
  'accept-error': { incoming: 'ERR', outgoing: 'ANS' },
  'accept-opening': { incoming: 'NEW', outgoing: 'ANS' },
  'assign-helper': { incoming: 'PRE', outgoing: 'OUT' },
};

function chainFor({ action, hook }: PacketRule, { name }: Plan): string {
  return `NT-${CHAINS[action][hook]}-${name}`;
}
