import { sayMoreMemory } from '../rules/memory-share.ts';
import { addressesOf, familiesOf } from '../rules/neighbours.ts';
import { circumstancesOf, numberInForce } from '../rules/rule.ts';
import { decisionOn } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import { formatCount } from '../values/quantities.ts';
import type { Breach, Check } from './check.ts';

export const neighbourTableCoversClients: Check = {
  id: 'neighbour-table-covers-clients',
  severity: 'error',
  what: 'gc_thresh3 ≥ neighbours (of IPv6, twice as many), and none of the three thresholds is less than the one before.',
  why: 'A host that finds no place in the neighbour table cannot be reached, although it is on the same network.',
  fix: 'Say how many neighbours there are in `traffic.neighbours`, and leave the thresholds to nettune.',
  source: 'net/core/neighbour.c, neigh_alloc()',
  find: (plan) => [
    ...familiesOf(plan).flatMap((family) => tooFew(family, plan)),
    ...(['ipv4', 'ipv6'] as const).flatMap((family) => unordered(family, plan)),
  ],
};

type Family = ReturnType<typeof familiesOf>[number];

const thresholdOf = (family: Family, threshold: 1 | 2 | 3) => `net.${family}.neigh.default.gc_thresh${threshold}`;

function tooFew(family: Family, plan: Plan): Breach[] {
  const name = thresholdOf(family, 3);
  const most = thresholdAt(name, plan);
  const needed = addressesOf(family, plan.traffic.neighbours);
  if (most === undefined || most >= needed) return [];
  return [
    {
      message: `${name} has room for ${formatCount(most)} addresses, but there are ${formatCount(needed)}`,
      remedy:
        plan.profile.sysctl?.[name] === undefined
          ? `${sayMoreMemory(plan.host)}, or put a router between them`
          : 'leave it to nettune, which follows `traffic.neighbours`',
      causes: [...(decisionOn(plan, name)?.causes ?? []), 'traffic.neighbours'],
    },
  ];
}

/** The kernel does not check that they rise. */
function unordered(family: Family, plan: Plan): Breach[] {
  const names = ([1, 2, 3] as const).map((threshold) => thresholdOf(family, threshold));
  const values = names.flatMap((name) => thresholdAt(name, plan) ?? []);
  const [keep = 0, collect = 0, most = 0] = values;
  if (values.length < names.length || (keep <= collect && collect <= most)) return [];
  return [
    {
      message: `the thresholds of the ${family} neighbour table do not rise: ${formatCount(keep)}, ${formatCount(collect)}, ${formatCount(most)}`,
      remedy: 'set all three, each at least as high as the one before',
      causes: names.flatMap((name) => decisionOn(plan, name)?.causes ?? []),
    },
  ];
}

function thresholdAt(name: string, plan: Plan): number | undefined {
  return numberInForce(name, circumstancesOf(plan));
}
