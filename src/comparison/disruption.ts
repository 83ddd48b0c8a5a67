import type { ProfileComparison } from '../values/comparison.ts';
import { hasOtherRules } from './changed-host.ts';

/** The more, the earlier somebody should read about it. */
export function disruption(profile: ProfileComparison): number {
  const { kind, restarts, decisions, formerName } = profile;
  if (kind === 'gone' || formerName !== undefined) return 5;
  if (kind === 'new') return 0;
  if (restarts.length > 0) return 4;
  const ways = decisions.map(({ effect }) => effect?.way);
  if (ways.includes('hand')) return 3;
  return ways.includes('care') || hasOtherRules(profile) ? 2 : 1;
}
