import { dialectOf } from '../distributions/iptables-dialect.ts';
import { assignsHelpers } from '../rules/helpers.ts';
import { packetTool } from '../rules/packet-tool.ts';
import { noteUnproven } from '../text/comments.ts';
import type { PacketRule, Plan } from '../values/plan.ts';
import { specifyRule } from './iptables-rule.ts';
import { draftProof } from './proof.ts';
import type { Draft, Output } from './output.ts';

/** What the loader script reads, beside the rules: the tables as they are, and our places in them. */
const SCRIPTS: readonly (readonly [string, string])[] = [
  ['read.awk', 'reads what iptables-save prints'],
  ['place.awk', 'proposes the places of our rules'],
];

/** Reasons to refuse rules that assign helpers. */
const HELPER_REFUSALS: typeof SCRIPTS = [['refuse-assigned.awk', 'finds rules that would lose their effect']];

/** Rules that keep connections out of the connection table or have them read, what loads them, and what runs that at boot. */
export const iptables: Output = {
  id: 'iptables',
  title: 'Packet rules of iptables',
  readBy: 'the loader `rules.sh`, by a unit of ours, and by `apply.sh`',
  felt: 'At once by `apply.sh`, and at every boot, after the rules of the filter.',
  territory: ['etc/nettune/', 'etc/systemd/system/nettune-'],
  draft: (plan) => (isFor(plan) ? [...draftRules(plan), ...draftLoader(plan)] : []),
};

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
  const view = {
    table,
    unproven: table === 'raw' ? noteUnproven(plan.unproven) : [],
    chains: [...new Set(rules.map((rule) => chainFor(rule, plan)))],
    rules: rules.map((rule) => ({
      reason: rule.reason,
      lines: specifyRule(rule, plan.servedPorts, dialect).map(
        ({ family, specification }) => `${family}-A ${chainFor(rule, plan)} ${specification}`,
      ),
    })),
  };
  return { path: `etc/nettune/${plan.name}/${FILES[table]}`, purpose, body: { template: 'iptables/rules', view } };
}

function draftLoader(plan: Plan): Draft[] {
  const { name, host } = plan;
  const folder = `etc/nettune/${name}`;
  const scripts = [...SCRIPTS, ...(assignsHelpers(plan) ? HELPER_REFUSALS : [])];
  return [
    {
      path: `${folder}/rules.sh`,
      mode: 0o755,
      purpose: 'loads, removes or examines the packet rules',
      body: { text: 'iptables/rules.sh' },
    },
    ...scripts.map(([file, purpose]) => ({ path: `${folder}/${file}`, purpose, body: { text: `iptables/${file}` } })),
    ...(assignsHelpers(plan) ? [] : draftProof(name)),
    ...(host.distribution.programs.systemd ? [draftUnit(name)] : []),
  ];
}

function draftUnit(name: string): Draft {
  return {
    path: `etc/systemd/system/nettune-${name}.service`,
    purpose: 'loads the packet rules at boot',
    body: { text: 'iptables/nettune.service' },
  };
}

/** What a chain is for, in the part of its name that its hook and its rules decide. */
const CHAINS: Readonly<Record<PacketRule['action'], Readonly<Record<PacketRule['hook'], string>>>> = {
  untrack: { incoming: 'PRE', outgoing: 'OUT' },
  'untrack-error': { incoming: 'PRE', outgoing: 'OUT' },
  'accept-open': { incoming: 'EST', outgoing: 'ANS' },
  'accept-error': { incoming: 'EST', outgoing: 'ANS' },
  'accept-opening': { incoming: 'NEW', outgoing: 'ANS' },
  'assign-helper': { incoming: 'PRE', outgoing: 'OUT' },
};

function chainFor({ action, hook }: PacketRule, { name }: Plan): string {
  return `NT-${CHAINS[action][hook]}-${name}`;
}
