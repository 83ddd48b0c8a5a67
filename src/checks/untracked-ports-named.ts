import { isTrackingOff } from '../rules/tracking.ts';
import type { Check } from './check.ts';

export const untrackedPortsNamed: Check = {
  id: 'untracked-ports-named',
  severity: 'error',
  what: 'Where served ports are untracked, `traffic.ports` names them.',
  why: 'Without ports there is nothing to untrack: the profile would promise what no rule does.',
  fix: 'List them.',
  source: 'the packet rules, which are by port',
  find: ({ profile, servedPorts, role }) => {
    if (
      isTrackingOff(profile) ||
      role === 'nat-gateway' ||
      !profile.conntrack?.untracked?.served ||
      servedPorts.length > 0
    )
      return [];
    return [
      {
        message: 'served ports are to be left untracked, but the profile names none',
        remedy: 'list them in `traffic.ports`',
        causes: ['conntrack.untracked.served'],
      },
    ];
  },
};
