import { ALTERNATIVES, type Way } from './alternatives/alternatives.ts';
import { derivePlan } from './derive-plan.ts';
import { findParameter } from './parameters/parameters.ts';
import { roleRow } from './roles/roles.ts';
import { ENTRIES } from './rules/connection-table.ts';
import { TIME_WAIT, timeoutsOf } from './rules/expected-entries.ts';
import { isServedUntracked } from './rules/packet-rules.ts';
import { circumstancesOf } from './rules/rule.ts';
import { BUCKETS, HASHSIZE } from './rules/table-buckets.ts';
import { isTrackingOff } from './rules/tracking.ts';
import { translatedPorts } from './rules/translated-ports.ts';
import { countEntries, totalOf } from './sizing/connection-entries.ts';
import { countedSeconds } from './sizing/expired-entries.ts';
import { withHeadroom } from './sizing/headroom.ts';
import type { Alternative } from './values/alternative.ts';
import { decisionOn } from './values/decided.ts';
import type { Plan } from './values/plan.ts';
import { intersectPorts, parsePorts } from './values/ports.ts';

/** What the profile insists on, and what would hide the difference between the ways. */
const SIZES = [ENTRIES, BUCKETS, HASHSIZE, TIME_WAIT];

/**
 * Ways to keep the connection table from filling, each with the numbers of a plan of its own, sized by nettune. Empty where
 * nothing is served or tracked, and without traffic figures; untracking is left out where it is impossible.
 */
export function compareAlternatives(plan: Plan): readonly Alternative[] {
  const isCompared = roleRow(plan.role).serves && !isTrackingOff(plan.profile);
  if (!isCompared || !plan.traffic.flows.some(({ direction }) => direction === 'inbound')) return [];
  const isUntracked = isServedUntracked(plan.profile);
  return ALTERNATIVES.flatMap((way) => {
    const isPossibleHere = !way.isUntracked || isPossible(rederive(plan, true, timeWaitOf(plan)));
    return isPossibleHere ? [{ ...describe(way, plan), isChosen: way.isChosen(isUntracked, timeWaitOf(plan)) }] : [];
  });
}

function describe(way: Way, plan: Plan): Omit<Alternative, 'isChosen'> {
  const { id, title, isUntracked } = way;
  const own = timeWaitOf(plan);
  const timeWait = way.timeWait(own, roleRow(plan.role).timeouts.timeWait?.seconds ?? own);
  const counted = countedSeconds(timeWait, plan.host);
  const isClearedLate = counted > timeWait;
  const sized = rederive(plan, isUntracked, counted);
  const entries = entriesOf(rederive(plan, isUntracked, timeWait));
  const needed = withHeadroom(entriesOf(sized));
  const { value, price } = decisionOn(sized, ENTRIES) ?? {};
  const table = Number(value ?? 0);
  const neededTracked = withHeadroom(entriesOf(rederive(plan, false, counted)));
  return {
    id,
    title,
    keys: {
      'conntrack.untracked.served': isUntracked,
      ...(isUntracked ? {} : { 'conntrack.timeouts.timeWait': `${timeWait}s` }),
      ...(isClearedLate && !isUntracked ? { 'conntrack.maximum': table } : {}),
    },
    entries,
    needed,
    table,
    memoryBytes: price?.memoryBytes ?? 0,
    fits: table >= needed,
    risk: way.risk({ timeWait, isClearedLate, entries: entriesOf(sized), table, neededTracked }),
  };
}

/** Translation needs the table. */
function isPossible({ profile, servedPorts }: Plan): boolean {
  const translated = translatedPorts(profile).flatMap(({ ports, toPort }) => [
    ports,
    ...(toPort === undefined ? [] : [parsePorts(toPort)]),
  ]);
  return isServedUntracked(profile) && intersectPorts(servedPorts, translated).length === 0;
}

/** The plan of a profile with this way, in sizes of nettune's own. */
function rederive({ profile, host }: Plan, served: boolean, timeWait: number): Plan {
  const { maximum: _, buckets: __, ...conntrack } = profile.conntrack ?? {};
  const sysctl = Object.entries(profile.sysctl ?? {}).filter(
    ([name]) => !SIZES.includes(findParameter(name)?.name ?? name),
  );
  const untracked = { ...conntrack.untracked, served };
  const timeouts = { ...conntrack.timeouts, timeWait };
  const changed = { ...profile, sysctl: Object.fromEntries(sysctl), conntrack: { ...conntrack, untracked, timeouts } };
  return derivePlan(changed, host);
}

const timeWaitOf = (plan: Plan): number => timeoutsOf(circumstancesOf(plan)).timeWait;

/** Entries of what is tracked, at the peak. */
function entriesOf(plan: Plan): number {
  return totalOf(countEntries(plan.traffic.flows, timeoutsOf(circumstancesOf(plan))));
}
