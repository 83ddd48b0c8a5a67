import { findParameter } from '../parameters/parameters.ts';
import { readValue } from '../values/format-value.ts';
import type { Check } from './check.ts';

const NAME = 'net.ipv4.tcp_tw_recycle';

export const twRecycleOff: Check = {
  id: 'tw-recycle-off',
  severity: 'error',
  why: 'With tcp_tw_recycle a server drops SYNs whose timestamps run backwards: those of all but one client behind the same NAT.',
  source: 'commit 4396e46187ca (removed in 4.12); incident 001',
  find: ({ profile }) => {
    const written = profile.sysctl?.[NAME]?.value;
    if (written === undefined || readValue(findParameter(NAME), written) === 0) return [];
    return [
      {
        message: `${NAME} drops the connections of clients behind NAT, and is gone from kernel 4.12 on`,
        remedy: 'remove it; net.ipv4.tcp_tw_reuse = 1 is safe and serves outgoing connections',
        causes: [`sysctl.${NAME}`],
      },
    ];
  },
};
