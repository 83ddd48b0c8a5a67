import { conntrackModules } from '../parameters/conntrack-modules.ts';
import { modulesFor } from '../parameters/words.ts';
import type { Plan } from '../values/plan.ts';
import { helperModules } from './helpers.ts';
import { trackerModules } from './tracking.ts';

/** Built in on every host with systemd; on older ones scripts of the network load it, or are told not to. */
export const OF_THE_NETWORK = 'ipv6';

/** They offer something to the network by themselves: nothing that a profile may bring along unseen. */
const NEVER_LOADED: readonly string[] = [OF_THE_NETWORK, 'ip_vs', 'sctp'];

type Planned = Pick<Plan, 'profile' | 'host' | 'decisions'>;

/** Modules that have to be loaded before parameters are set, each once: those of the tracker come first. */
export function modulesToLoad(plan: Planned): readonly string[] {
  return [...new Set([...trackerModules(plan), ...helperModules(plan.profile), ...parameterModules(plan)])];
}

/** What parameters need beside the tracker: those that a module brings, and those whose words a module brings. */
export function parameterModules({ decisions, host }: Planned): readonly string[] {
  const needed = decisions.flatMap(({ parameter, value }) => modulesFor(parameter, value, host));
  const others = [...conntrackModules(host), ...NEVER_LOADED];
  return [...new Set(needed)].filter((module) => !others.includes(module));
}
