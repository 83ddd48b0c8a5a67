import type { ProfileComparison } from '../values/comparison.ts';
import { isTraded } from './trade.ts';

type Figures = Pick<ProfileComparison, 'before' | 'after'>;

/** Whether its hosts are other machines than before. */
export function hasOtherHost({ before, after }: Figures): boolean {
  return JSON.stringify(before?.host) !== JSON.stringify(after?.host);
}

export function hasOtherPorts({ before, after }: Figures): boolean {
  return before?.ports.join() !== after?.ports.join();
}

/** Whether the reason for loading what cannot be proven is another one, or is there on one side only. */
export function hasOtherProof({ before, after }: Figures): boolean {
  return before?.unproven !== after?.unproven;
}

/** Whether hosts load other packet rules, be it for other ports, with another program, or without a proof. */
export function hasOtherRules(profile: ProfileComparison): boolean {
  const { packetRules, artifacts, formerName } = profile;
  const isOfPorts = hasOtherPorts(profile);
  const isOther = artifacts.some(({ path, kind }) => isOfRules(path) && (isOfPorts || kind !== 'changed'));
  return isTraded(packetRules) || hasOtherProof(profile) || (isOther && formerName === undefined);
}

/** Whether it is one of the files that load packet rules on a host. */
function isOfRules(path: string): boolean {
  return /^[^/]+\/(machines\/[^/]+\/)?etc\/nettune\//.test(path);
}
