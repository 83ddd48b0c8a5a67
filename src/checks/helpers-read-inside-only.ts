import { helpersOf } from '../rules/helpers.ts';
import type { Check } from './check.ts';

export const helpersReadInsideOnly: Check = {
  id: 'helpers-read-inside-only',
  severity: 'warning',
  what: 'A gateway with `gateway.helpers` names its outer interfaces in `gateway.wan`.',
  why: 'A helper lets in whatever connection the two ends agree on. One that reads connections from the world opens ports to hosts behind the gateway for whoever asks for them there.',
  fix: 'Name the outer interfaces in `gateway.wan`; what comes in there is not read.',
  source: 'nf_conntrack_ftp.c; "Secure use of iptables and connection tracking helpers" (Leblond, 2012)',
  find: ({ profile }) =>
    helpersOf(profile).length === 0 || (profile.gateway?.wan ?? []).length > 0
      ? []
      : [
          {
            message: 'helpers would read connections from the world as well: no outer interface is named',
            remedy: 'name those that lead to the world in `gateway.wan`',
            causes: ['gateway.helpers'],
          },
        ],
};
