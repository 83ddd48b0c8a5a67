import { packetTool } from '../rules/packet-tool.ts';
import type { PacketRule, Plan } from '../values/plan.ts';
import { dialectOf } from './iptables-dialect.ts';
import { specifyRule } from './iptables-rule.ts';
import type { Draft, Output } from './output.ts';

/** What the loader script reads, beside the rules: the tables as they are, our places in them, reasons to refuse. */
const SCRIPTS: readonly (readonly [string, string])[] = [
  ['read.awk', 'reads what iptables-save prints'],
  ['states.awk', 'reads connection states in them'],
  ['place.awk', 'finds the places of our rules'],
  ['refuse.awk', 'finds rules with which the served ports must stay tracked'],
  ['refuse-untracked.awk', 'finds rules that refuse what is untracked'],
  ['refuse-nft.awk', 'the same for tables of nft'],
];

/** Rules that keep served connections out of the connection table, what loads them, and what runs that at boot. */
export const iptables: Output = {
  id: 'iptables',
  territory: ['etc/nettune/', 'etc/systemd/system/nettune-'],
  draft: (plan) => (isFor(plan) ? [...draftRules(plan), ...draftLoader(plan)] : []),
};

const isFor = ({ profile, host, packetRules }: Plan): boolean =>
  packetRules.length > 0 && packetTool(profile, host.distribution) === 'iptables';

function draftRules(plan: Plan): Draft[] {
  return [
    draftTable(plan, 'raw', `leaves ${nameUntracked(plan)} untracked`),
    ...(plan.packetRules.some(({ action }) => action !== 'untrack')
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

const FILES = { raw: 'raw.rules', filter: 'accept.rules' };

function draftTable(plan: Plan, table: 'raw' | 'filter', purpose: string): Draft {
  const dialect = dialectOf(plan.host.distribution.programs.iptables);
  const rules = plan.packetRules.filter(({ action }) => (action === 'untrack') === (table === 'raw'));
  const view = {
    table,
    chains: [...new Set(rules.map((rule) => chainFor(rule, plan)))],
    rules: rules.flatMap((rule) =>
      specifyRule(rule, plan.servedPorts, dialect).map(({ family, specification }) => ({
        reason: rule.reason,
        line: `${family}-A ${chainFor(rule, plan)} ${specification}`,
      })),
    ),
  };
  return { path: `etc/nettune/${plan.name}/${FILES[table]}`, purpose, body: { template: 'iptables/rules', view } };
}

function draftLoader({ name, host }: Plan): Draft[] {
  const folder = `etc/nettune/${name}`;
  return [
    {
      path: `${folder}/rules.sh`,
      mode: 0o755,
      purpose: 'loads, removes or examines the packet rules',
      body: { text: 'iptables/rules.sh' },
    },
    ...SCRIPTS.map(([file, purpose]) => ({ path: `${folder}/${file}`, purpose, body: { text: `iptables/${file}` } })),
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
};

function chainFor({ action, hook }: PacketRule, { name }: Plan): string {
  return `NT-${CHAINS[action][hook]}-${name}`;
}
