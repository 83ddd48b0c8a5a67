import { MANAGEMENT } from '../rules/outbound-rules.ts';
import { isServedUntracked } from '../rules/packet-rules.ts';
import { formatPorts, intersectPorts, parsePorts } from '../values/ports.ts';
import type { Check } from './check.ts';

export const managementPortStaysTracked: Check = {
  id: 'management-port-stays-tracked',
  severity: 'error',
  what: 'No untracked port is one of `firewall.management` (22, unless the profile says otherwise).',
  why: 'Untracked packets need accept rules of their own. Where these fail, a site is down and can be mended; without ssh nobody can mend it.',
  fix: 'Take the port out of `traffic.ports`, or name the real port of ssh in `firewall.management`.',
  source: 'tried: a stateful filter with NOTRACK on port 22',
  find: ({ profile, servedPorts }) => {
    if (!isServedUntracked(profile)) return [];
    const management = (profile.firewall?.management ?? MANAGEMENT).map(parsePorts);
    const shared = formatPorts(intersectPorts(servedPorts, management));
    if (shared.length === 0) return [];
    return [
      {
        message: `port ${shared.join(', ')} would be left untracked, and this host is administered through it`,
        remedy:
          'take it out of `traffic.ports`; if it serves something else, set `firewall.management` to the port of ssh',
        causes: ['traffic.ports', 'firewall.management', 'conntrack.untracked.served'],
      },
    ];
  },
};
