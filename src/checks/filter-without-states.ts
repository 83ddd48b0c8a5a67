import { isTrackingOff } from '../rules/tracking.ts';
import type { Check } from './check.ts';

export const filterWithoutStates: Check = {
  id: 'filter-without-states',
  severity: 'error',
  what: 'Where `conntrack.tracking` is none, no filter matches connection states: `firewall.filter` is none.',
  why: 'One rule on a state has the kernel track every connection again. Where the module is refused (before 4.10) that rule cannot be loaded, and with it no other of its file: the host is left without a filter.',
  fix: 'Track; or filter by addresses, ports and flags alone, and allow this with that reason. ufw and firewalld always match states.',
  source: 'commit 0c66dc1ea3f0; tried: one rule on ESTABLISHED, in a namespace',
  find: ({ profile }) => {
    const filter = profile.firewall?.filter ?? 'none';
    if (!isTrackingOff(profile) || filter === 'none') return [];
    const isAlways = filter === 'ufw' || filter === 'firewalld';
    return [
      {
        message: `nothing is to be tracked, but ${filter} filters packets, ${isAlways ? 'and always by connection state' : 'most likely by connection state'}`,
        remedy: isAlways
          ? 'set `conntrack.tracking: in-use`, or filter with something else'
          : 'set `conntrack.tracking: in-use`; if no rule matches a state, allow this with that reason',
        causes: ['conntrack.tracking', 'firewall.filter'],
      },
    ];
  },
};
