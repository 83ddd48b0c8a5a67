import type { Profile } from '#generated/profile.ts';
import { DISTRIBUTIONS } from '../distributions/distributions.ts';
import type { Breach, Check } from './check.ts';

/** Keys that only some roles read. */
const READ_BY: readonly { path: string; roles: readonly Profile['role'][]; written: (profile: Profile) => unknown }[] =
  [
    { path: 'apache', roles: ['web-server'], written: ({ apache }) => apache },
    { path: 'squid', roles: ['squid-proxy'], written: ({ squid }) => squid },
    { path: 'gateway', roles: ['nat-gateway'], written: ({ gateway }) => gateway },
    {
      path: 'traffic.udpDialoguesPerSecond',
      roles: ['nat-gateway'],
      written: ({ traffic }) => traffic?.udpDialoguesPerSecond,
    },
    {
      path: 'traffic.busiestDestinationShare',
      roles: ['squid-proxy', 'nat-gateway'],
      written: ({ traffic }) =>
        traffic?.outbound?.some(({ to }) => to === undefined) ? undefined : traffic?.busiestDestinationShare,
    },
    { path: 'traffic.ports', roles: ['web-server', 'squid-proxy'], written: ({ traffic }) => traffic?.ports },
  ];

export const keysHaveEffect: Check = {
  id: 'keys-have-effect',
  severity: 'warning',
  what: 'Keys that only some roles read (`apache`, `squid`, `gateway`, ports, UDP figures, shares) stand in a profile of such a role, and `host.family` only beside a distribution that nettune does not know.',
  why: 'A key that its role does not read does nothing, and somebody will rely on it.',
  fix: 'Remove the key; a null takes away what a base says.',
  source: 'the roles and distributions',
  find: ({ profile, role }) => [
    ...READ_BY.filter(({ roles, written }) => !roles.includes(role) && written(profile) !== undefined).map(
      ({ path }) => ({
        message: `\`${path}\` does nothing on a ${role}`,
        remedy: 'remove it, or set it to null if a base has it',
        causes: [path],
      }),
    ),
    ...findNeedlessFamily(profile),
  ],
};

function findNeedlessFamily({ host: { distribution, family } }: Profile): Breach[] {
  if (family === undefined || !DISTRIBUTIONS.some(({ id }) => id === distribution)) return [];
  return [
    {
      message: `\`host.family\` does nothing: nettune knows \`${distribution}\``,
      remedy: 'remove it, or set it to null if a base has it',
      causes: ['host.family'],
    },
  ];
}
