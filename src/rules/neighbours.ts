import { sayWithHeadroom, withHeadroom } from '../sizing/headroom.ts';
import { NEIGHBOUR_BYTES, NEIGHBOUR_SHARE, sizeNeighbourTable } from '../sizing/neighbour-table.ts';
import { type Host, kernelMemory } from '../values/host.ts';
import { formatCount } from '../values/quantities.ts';
import { causesOfHost } from './host-causes.ts';
import { sayShare } from './memory-share.ts';
import type { Circumstances, Proposal, Rule } from './rule.ts';

/** Addresses of a host in the table of each family: of IPv6 it has one for the link and one for the world. */
const ADDRESSES = { ipv4: 1, ipv6: 2 } as const;

/** More than fit any memory. */
const MANY = 2 ** 45;

type Family = keyof typeof ADDRESSES;

/** Room for every neighbour's hardware address, where the kernel's default is too small. */
export const neighbours: Rule = {
  id: 'neighbours',
  source: 'net/core/neighbour.c',
  propose: (given) => familiesOf(given).flatMap((family) => proposeThresholds(family, given)),
};

/** Those with a table on this host; IPv6 only where the profile says so, since a host may have none. */
export function familiesOf({ profile }: Pick<Circumstances, 'profile'>): readonly Family[] {
  return profile.role === 'nat-gateway' ? (profile.gateway?.families ?? ['ipv4']) : ['ipv4'];
}

export function addressesOf(family: Family, count: number): number {
  return count * ADDRESSES[family];
}

function proposeThresholds(family: Family, given: Circumstances): Proposal[] {
  const { traffic, host } = given;
  const count = traffic.neighbours;
  const addresses = addressesOf(family, count);
  const thresholds = sizeNeighbourTable(addresses, kernelMemory(host));
  if (!thresholds) return [];
  const isCut = thresholds.collect < withHeadroom(addresses);
  const fitting = (machine: Host) => sizeNeighbourTable(MANY, kernelMemory(machine))?.collect;
  const causes = isCut ? causesOfHost(fitting, given) : ['traffic.neighbours'];
  const each = family === 'ipv6' ? ` × ${ADDRESSES.ipv6} addresses` : '';
  const second = formatCount(thresholds.collect);
  const room = isCut
    ? `cut to ${second}: no more than twice as many of ${NEIGHBOUR_BYTES} bytes fit ${sayShare(NEIGHBOUR_SHARE, host)}`
    : 'rounded up to a power of two';
  const name = (number: 1 | 2 | 3) => `net.${family}.neigh.default.gc_thresh${number}`;
  return [
    {
      parameter: name(1),
      value: thresholds.keep,
      reason: `A quarter of the second threshold, ${second}, as in the kernel.`,
      causes,
    },
    {
      parameter: name(2),
      value: thresholds.collect,
      reason: `${formatCount(count)} neighbours${each}, ${sayWithHeadroom(addresses)}, ${room}. Above this the kernel removes those it has not heard of for 5 s.`,
      causes,
    },
    {
      parameter: name(3),
      value: thresholds.most,
      reason: `Twice the second threshold, ${second}, as in the kernel. At this many, hosts that are not in the table cannot be reached.`,
      causes,
      price: { memoryBytes: thresholds.most * NEIGHBOUR_BYTES },
    },
  ];
}
