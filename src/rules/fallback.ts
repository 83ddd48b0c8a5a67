import { withHeadroom } from '../sizing/headroom.ts';
import { numberFor } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import { formatCount } from '../values/quantities.ts';
import { beforeSizing, ENTRIES } from './connection-table.ts';
import { type Expectation, expectFallback } from './expected-entries.ts';
import { isUntracking } from './packet-rules.ts';

/** The table against all traffic of a plan, while its host tracks what the plan leaves untracked. */
export interface Fallback {
  /** What all traffic keeps in the table. */
  readonly needed: Expectation;
  /** What the table holds. */
  readonly entries: number;
  /** Part of the planned traffic at which the table is full; above 1 it holds more. */
  readonly share: number;
}

/** Undefined where nothing is left untracked, or where there are no figures. */
export function weighFallback(plan: Plan): Fallback | undefined {
  const isAnyUntracked = plan.traffic.flows.some(({ isTracked }) => !isTracked);
  const entries = numberFor(plan, ENTRIES);
  const needed = expectFallback(beforeSizing(plan));
  if (!isAnyUntracked || entries === undefined || !needed) return undefined;
  return { needed, entries, share: entries / needed.count };
}

/** Whether the table holds it with headroom. */
export function isCovered({ needed, entries }: Fallback): boolean {
  return entries >= withHeadroom(needed.count);
}

/** `17 % of this traffic (about 850 of 5,000 connections/s)`: when the table is full. */
export function sayWhenFull({ share }: Fallback, { traffic }: Plan): string {
  const rates = traffic.flows
    .filter(({ isTracked, perSecond }) => !isTracked && perSecond > 0)
    .map(({ perSecond, unit }) => `${formatCount(Math.floor(perSecond * share))} of ${formatCount(perSecond)} ${unit}`);
  const about = share < 1 && rates.length > 0 ? ` (about ${rates.join(' and ')})` : '';
  return `${Math.floor(share * 100)} % of this traffic${about}`;
}

/** What `explain` says of a host that cannot leave untracked what the plan leaves untracked; undefined where it leaves nothing. */
export function describeFallback(plan: Plan): string | undefined {
  if (!plan.packetRules.some(isUntracking)) return undefined;
  const told =
    'A port or an address family stays tracked where the host does not show that it accepts untracked packets. The loader names it: nettune-host rules load, or the journal of its unit.';
  const fallback = weighFallback(plan);
  if (!fallback)
    return `${told} There are no traffic figures, so the connection table has the size that follows from memory.`;
  const room = isCovered(fallback)
    ? 'The connection table has room for all of it.'
    : `The connection table is full at ${sayWhenFull(fallback, plan)}.`;
  return `${told} ${room}`;
}
