import { roleRow } from '../roles/roles.ts';
import { decisionOn } from '../values/decided.ts';
import type { Check } from './check.ts';

const NAME = 'net.ipv4.tcp_syncookies';

const HARM: Readonly<Record<number, string>> = {
  0: 'without SYN cookies anybody can fill the SYN queue, and the server is shut to everybody',
  2: 'every connection is opened by a cookie, even when there is room: window scaling and other options get lost',
};

export const synCookiesInNeed: Check = {
  id: 'syn-cookies-in-need',
  severity: 'error',
  softens: true,
  what: 'net.ipv4.tcp_syncookies is 1 on a host that serves; 2 is a warning.',
  why: 'SYN cookies are for a full queue: never without them, and never always.',
  fix: 'Remove the override.',
  source: 'Documentation/networking/ip-sysctl.rst; docs/how-to/syn-flooding.md',
  find: (plan) => {
    const decision = decisionOn(plan, NAME);
    const harm = typeof decision?.value === 'number' ? HARM[decision.value] : undefined;
    if (!decision || !harm || !roleRow(plan.role).serves) return [];
    return [
      {
        message: `${NAME} ${decision.value}: ${harm}`,
        remedy: 'remove the override: nettune sets 1',
        causes: decision.causes,
        severity: decision.value === 0 ? 'error' : 'warning',
      },
    ];
  },
};
