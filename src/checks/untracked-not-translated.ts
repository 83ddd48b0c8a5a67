import { roleRow } from '../roles/roles.ts';
import { isTrackingOff } from '../rules/tracking.ts';
import type { Plan } from '../values/plan.ts';
import { formatPorts, intersectPorts, parsePorts } from '../values/ports.ts';
import type { Breach, Check } from './check.ts';

const SERVED = 'conntrack.untracked.served';
const OUTBOUND = 'conntrack.untracked.outbound';

export const untrackedNotTranslated: Check = {
  id: 'untracked-not-translated',
  severity: 'error',
  mandatory: true,
  what: 'Nothing untracked is translated: no port on a gateway or an intercepting Squid, none of `firewall.translated`; and where there is any of these, no connection that the host opens is untracked.',
  why: 'Translation needs the connection table. Untracked packets leave with private addresses, or never reach the program they are meant for.',
  fix: 'Track them, or stop translating.',
  source: 'tried: MASQUERADE, REDIRECT and DNAT with NOTRACK on the same port, in namespaces',
  find: (plan) => (isTrackingOff(plan.profile) ? [] : [...findServed(plan), ...findOutbound(plan)]),
};

function findServed({ role, profile, servedPorts }: Plan): Breach[] {
  if (!profile.conntrack?.untracked?.served) return [];
  const refuse = (reason: string, otherCause: string) => ({
    message: `served ports cannot be left untracked: ${reason}`,
    remedy: `set \`${SERVED}: false\`, or stop translating these ports`,
    causes: [...new Set([SERVED, otherCause])],
  });
  const needed = roleRow(role).trackingNeeded;
  if (needed) return [refuse(needed, SERVED)];
  const translated = intersectPorts(servedPorts, (profile.firewall?.translated ?? []).map(parsePorts));
  return [
    ...(profile.squid?.intercepting
      ? [refuse('an intercepting Squid is reached by translation', 'squid.intercepting')]
      : []),
    ...(translated.length > 0
      ? [refuse(`something translates ${formatPorts(translated).join(', ')}`, 'firewall.translated')]
      : []),
  ];
}

/** Answers to whom this host translates for come from the same address and port as answers to itself. */
function findOutbound({ role, profile }: Plan): Breach[] {
  if (!profile.conntrack?.untracked?.outbound) return [];
  const refuse = (reason: string, otherCause: string) => ({
    message: `connections that this host opens cannot be left untracked: ${reason}`,
    remedy: `set \`${OUTBOUND}: false\`, or stop translating on this host`,
    causes: [...new Set([OUTBOUND, otherCause])],
  });
  const needed = roleRow(role).trackingNeeded;
  if (needed) return [refuse(needed, OUTBOUND)];
  return [
    ...(profile.squid?.intercepting
      ? [refuse('an intercepting Squid is reached by translation', 'squid.intercepting')]
      : []),
    ...((profile.firewall?.translated ?? []).length > 0
      ? [refuse('something on this host translates', 'firewall.translated')]
      : []),
  ];
}
