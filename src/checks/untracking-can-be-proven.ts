import { isAnyOutboundUntracked } from '../rules/outbound-rules.ts';
import { isServedUntracked } from '../rules/packet-rules.ts';
import { isWithin, parseKernelVersion } from '../values/kernel-version.ts';
import type { Plan } from '../values/plan.ts';
import type { Check } from './check.ts';

/** systemd-socket-activate, which serves the ports of a proof, has its name and its options since systemd 230. */
const PROVING = { since: '230' };

export const untrackingCanBeProven: Check = {
  id: 'untracking-can-be-proven',
  severity: 'warning',
  what: 'Where connections are left untracked, the distribution has the programs for a proof, or the profile does without one.',
  why: 'Packet rules are loaded after a proof: connections are tried in a copy of the host. Where that is impossible, nothing is loaded, and every connection is tracked.',
  fix: 'Leave connections tracked (`conntrack.untracked`), or say in `conntrack.untracked.unproven` why the filter accepts them untracked.',
  source: 'systemd NEWS, version 230; src/distributions/redhat.ts has the programs of Red Hat 5, 6 and 7',
  find: (plan) =>
    isUntracking(plan) && plan.unproven === undefined && !canProve(plan)
      ? [
          {
            message: `on ${plan.host.distribution.title} nothing will be left untracked: it has no systemd-socket-activate, so the packet rules cannot be proven there, and are not loaded`,
            remedy:
              'set `conntrack.untracked.served` and `.outbound` to false; or say in `conntrack.untracked.unproven` why the filter of the host accepts untracked packets of these ports',
            causes: ['conntrack.untracked.served', 'conntrack.untracked.outbound', 'host.distribution'],
          },
        ]
      : [],
};

const isUntracking = ({ profile, packetRules }: Plan): boolean =>
  packetRules.length > 0 && (isServedUntracked(profile) || isAnyOutboundUntracked(profile));

function canProve({ host }: Plan): boolean {
  const { systemd } = host.distribution.programs;
  return systemd !== undefined && isWithin(parseKernelVersion(systemd), PROVING);
}
