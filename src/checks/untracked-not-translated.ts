import { roleRow } from '../roles/roles.ts';
import { isTrackingOff } from '../rules/tracking.ts';
import { translatedPorts } from '../rules/translated-ports.ts';
import type { Plan } from '../values/plan.ts';
import { formatPorts, intersectPorts, parsePorts } from '../values/ports.ts';
import type { Breach, Check } from './check.ts';

const SERVED = 'conntrack.untracked.served';
const OUTBOUND = 'conntrack.untracked.outbound';

export const untrackedNotTranslated: Check = {
  id: 'untracked-not-translated',
  severity: 'error',
  mandatory: true,
  what: 'Nothing untracked is translated: no port on a gateway or an intercepting Squid, none of `firewall.translated`, and none that one of these leads to; and where there is any of these, no connection that the host opens is untracked.',
  why: 'Translation needs the connection table. Untracked packets leave with private addresses, or never reach the program they are meant for. Where a port leads to another one, untracked answers reach the client from a port that it never asked.',
  fix: 'Track them, or stop translating.',
  source:
    'tried: MASQUERADE, REDIRECT and DNAT with NOTRACK on the same port, and REDIRECT to a port with NOTRACK, in namespaces',
  find: (plan) => (isTrackingOff(plan.profile) ? [] : [...findServed(plan), ...findOutbound(plan)]),
};

function findServed(plan: Plan): Breach[] {
  const { role, profile, servedPorts } = plan;
  if (!profile.conntrack?.untracked?.served) return [];
  const refuse = (reason: string, otherCause: string) => ({
    message: `served ports cannot be left untracked: ${reason}`,
    remedy: `set \`${SERVED}: false\`, or stop translating these ports`,
    causes: [...new Set([SERVED, otherCause])],
  });
  const needed = roleRow(role).trackingNeeded;
  if (needed) return [refuse(needed, SERVED)];
  const translated = intersectPorts(
    servedPorts,
    translatedPorts(profile).map(({ ports }) => ports),
  );
  return [
    ...(profile.squid?.intercepting
      ? [refuse('an intercepting Squid is reached by translation', 'squid.intercepting')]
      : []),
    ...(translated.length > 0
      ? [refuse(`something translates ${formatPorts(translated).join(', ')}`, 'firewall.translated')]
      : []),
    ...findLedTo(plan),
  ];
}

/** The tracker alone knows that what the server sends from its own port has to leave from the one that the client asked. */
function findLedTo({ profile, servedPorts }: Plan): Breach[] {
  return translatedPorts(profile).flatMap(({ ports, toPort, cause }) => {
    if (toPort === undefined || intersectPorts(servedPorts, [parsePorts(toPort)]).length === 0) return [];
    const port = formatPorts([ports])[0];
    return [
      {
        message: `port ${toPort} cannot be left untracked: port ${port} leads to it, and untracked answers would reach clients from port ${toPort} instead of ${port}`,
        remedy: `set \`${SERVED}: false\`, or have the server listen on port ${port} itself`,
        causes: [SERVED, cause],
      },
    ];
  });
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
