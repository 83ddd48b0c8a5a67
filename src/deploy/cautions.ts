import { roleRow } from '../roles/roles.ts';
import { ENTRIES } from '../rules/connection-table.ts';
import { BUCKETS, HASHSIZE } from '../rules/table-buckets.ts';
import type { DecisionSides } from './decision-sides.ts';

/** What somebody should know before a changed value is applied to a running host. */
interface Caution {
  readonly applies: (sides: DecisionSides) => boolean;
  readonly caution: string;
}

/** The first that applies is said. */
export const CAUTIONS: readonly Caution[] = [
  {
    applies: ({ after }) => !after,
    caution: 'left alone from now on, so applying puts back what the host had before nettune',
  },
  {
    applies: isOn([HASHSIZE, BUCKETS]),
    caution: 'the connection table stands still while its entries move into the new one',
  },
  {
    applies: (sides) => isOn([ENTRIES])(sides) && isLowered(sides),
    caution: 'a host that holds more entries by then drops the packets of new connections',
  },
  {
    applies: isOn(['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding']),
    caution: 'it decides whether packets pass through the host',
  },
  {
    applies: (sides) => isTimeoutOfEntries(sides) && isLowered(sides) && !mayForward(sides),
    caution: 'entries that have been idle for longer end when it is applied, unless the host forwards',
  },
  {
    applies: (sides) => isTimeoutOfEntries(sides) && isLowered(sides),
    caution: 'connections that are idle for longer lose their entry',
  },
];

function isOn(parameters: readonly string[]): Caution['applies'] {
  return (sides) => parameters.includes(nameOf(sides));
}

function isTimeoutOfEntries(sides: DecisionSides): boolean {
  return /^net\.netfilter\.nf_conntrack_.*timeout/.test(nameOf(sides));
}

/** A profile whose hosts forward has nettune-host leave entries alone. */
function mayForward({ before, after }: DecisionSides): boolean {
  return roleRow((after ?? before).plan.role).trackingNeeded !== undefined;
}

function nameOf({ before, after }: DecisionSides): string {
  return (after ?? before).decision.parameter;
}

/** Against what was decided, or the kernel's own. */
function isLowered({ before, after }: DecisionSides): boolean {
  const old = before ? before.decision.value : after.decision.kernelDefault?.value;
  const now = after?.decision.value;
  return typeof old === 'number' && typeof now === 'number' && now < old;
}
