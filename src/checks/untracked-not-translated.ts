import { roleRow } from '../roles/roles.ts';
import { formatPorts, intersectPorts, parsePorts } from '../values/ports.ts';
import type { Breach, Check } from './check.ts';

const CAUSE = 'conntrack.untracked.served';

export const untrackedNotTranslated: Check = {
  id: 'untracked-not-translated',
  severity: 'error',
  mandatory: true,
  what: 'No untracked port is translated: not on a gateway, not on an intercepting Squid, none of `firewall.translated`.',
  why: 'Translation needs the connection table. Untracked packets leave with private addresses, or never reach the program they are meant for.',
  fix: 'Track the ports, or stop translating them.',
  source: 'tried: MASQUERADE, REDIRECT and DNAT with NOTRACK on the same port, in namespaces',
  find: (plan) => {
    const needed = roleRow(plan.role).trackingNeeded;
    if (plan.profile.conntrack?.untracked?.served && needed) return [breach(needed, CAUSE)];
    if (!plan.profile.conntrack?.untracked?.served) return [];
    const translated = intersectPorts(plan.servedPorts, (plan.profile.firewall?.translated ?? []).map(parsePorts));
    return [
      ...(plan.profile.squid?.intercepting
        ? [breach('an intercepting Squid is reached by translation', 'squid.intercepting')]
        : []),
      ...(translated.length > 0
        ? [breach(`something translates ${formatPorts(translated).join(', ')}`, 'firewall.translated')]
        : []),
    ];
  },
};

function breach(reason: string, otherCause: string): Breach {
  return {
    message: `served ports cannot be left untracked: ${reason}`,
    remedy: `set \`${CAUSE}: false\`, or stop translating these ports`,
    causes: [...new Set([CAUSE, otherCause])],
  };
}
