import { dialectOf } from '../distributions/iptables-dialect.ts';
import { filterOf } from '../rules/packet-tool.ts';
import type { PacketRule, Plan } from '../values/plan.ts';
import { formatPorts } from '../values/ports.ts';
import { specifyRule } from './iptables-rule.ts';
import { spellRule } from './nftables-rule.ts';
import type { Draft } from './output.ts';

/** Lines that whoever keeps the filter puts into it, where it does not accept untracked packets of itself. */
export function draftOwnerLines(plan: Plan): Draft[] {
  const filter = filterOf(plan.profile);
  if (filter === 'nftables') return draftIncludes(plan);
  if (filter === 'ufw') return FAMILIES.map((family) => draftBefore(plan, family));
  return filter === 'firewalld' ? [draftCommands(plan)] : [];
}

interface Include {
  readonly what: string;
  readonly place: string;
  readonly has: (rule: PacketRule) => boolean;
}

const INCLUDES: Readonly<Record<string, Include>> = {
  established: {
    what: 'those of open connections',
    place: 'into your chain for incoming packets, where it accepts ct state established',
    has: ({ hook, action }) => hook === 'incoming' && action !== 'accept-opening',
  },
  new: {
    what: 'those that open a connection',
    place: 'into your chain for incoming packets, where it accepts the ports: below all that bans anybody',
    has: ({ action }) => action === 'accept-opening',
  },
  answers: {
    what: 'those that go out',
    place: 'into your chain for outgoing packets, if there is one, where it accepts ct state established',
    has: ({ hook }) => hook === 'outgoing',
  },
};

function draftIncludes(plan: Plan): Draft[] {
  return Object.entries(INCLUDES).map(([kind, { what, place, has }]) => {
    const path = `etc/nettune/${plan.name}/accept-${kind}.nft`;
    const rules = acceptsOf(plan).filter(has);
    const view = {
      include: `/${path.replace('.nft', '*.nft')}`,
      what,
      place,
      rules: rules.map((rule) => ({ reason: rule.reason, lines: spellRule(rule, plan.servedPorts) })),
    };
    const purpose = `accepts untracked packets, ${what}; for your nftables.conf, if need be`;
    return { path, purpose, body: { template: 'nftables/accept', view } };
  });
}

const FAMILIES = [
  { file: 'before.rules', chain: 'ufw-before', family: '-6 ' },
  { file: 'before6.rules', chain: 'ufw6-before', family: '-4 ' },
] as const;

/**
 * What goes out: what comes in, ufw accepts by its own rules on ports, which ask for no state; lines of ours above them would let
 * in segments of clients that those rules refuse. `family`: the one that is not meant.
 */
function draftBefore(plan: Plan, { file, chain, family: other }: (typeof FAMILIES)[number]): Draft {
  const dialect = dialectOf(plan.host.distribution.programs.iptables);
  const outgoing = acceptsOf(plan).filter(({ hook }) => hook === 'outgoing');
  const rules = outgoing.flatMap((rule) =>
    specifyRule(rule, plan.servedPorts, dialect)
      .filter(({ family }) => family !== other)
      .map(({ specification }) => ({ reason: rule.reason, line: `-A ${chain}-output ${specification}` })),
  );
  return {
    path: `etc/nettune/${plan.name}/ufw-${file}`,
    purpose: `accepts untracked packets; lines for /etc/ufw/${file}, if need be`,
    body: {
      template: 'nftables/ufw',
      view: { file: `/etc/ufw/${file}`, ports: formatPorts(plan.servedPorts, ':').join(','), rules },
    },
  };
}

function draftCommands({ name, servedPorts }: Plan): Draft {
  return {
    path: `etc/nettune/${name}/firewalld.txt`,
    purpose: 'opens the served ports; commands for firewalld, if need be',
    body: { template: 'nftables/firewalld', view: { ports: formatPorts(servedPorts) } },
  };
}

const acceptsOf = ({ packetRules }: Plan) => packetRules.filter(({ action }) => action.startsWith('accept-'));
