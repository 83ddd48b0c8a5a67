import type { Profile } from '#generated/profile.ts';
import { DISTRIBUTIONS } from '../distributions/distributions.ts';
import { serverOf } from '../roles/server.ts';
import { isTrackingOff } from '../rules/tracking.ts';
import type { Plan } from '../values/plan.ts';
import { isShipped } from '../values/shipped-profile.ts';
import type { Breach, Check } from './check.ts';

/** Keys that only some roles read. */
const READ_BY: readonly { path: string; roles: readonly Profile['role'][]; written: (profile: Profile) => unknown }[] =
  [
    { path: 'apache', roles: ['web-server'], written: ({ apache }) => apache },
    { path: 'server', roles: ['web-server'], written: ({ server }) => server },
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

/** Keys that say how connections are tracked. */
const OF_TRACKING = ['maximum', 'buckets', 'untracked', 'timeouts'] as const;

export const keysHaveEffect: Check = {
  id: 'keys-have-effect',
  severity: 'warning',
  what: 'Keys that only some roles or servers read (`apache`, `squid`, `gateway`, ports, UDP figures, shares) stand in a profile of such a role. `host.family` stands only beside a distribution that nettune does not know. No key is undone by another.',
  why: 'A key that nothing reads does nothing, and somebody will rely on it.',
  fix: 'Remove the key; a null takes away what a base says.',
  source: 'the roles and distributions',
  // What a shipped profile says for another server is no mistake of its user.
  find: (plan, fileOf) => findAll(plan).filter(({ causes: [key = ''] }) => !isShipped(fileOf(key) ?? '')),
};

function findAll({ profile, role }: Plan): Breach[] {
  return [
    ...READ_BY.filter(({ roles, written }) => !roles.includes(role) && written(profile) !== undefined).map(
      ({ path }) => ({
        message: `\`${path}\` does nothing on a ${role}`,
        remedy: 'remove it, or set it to null if a base has it',
        causes: [path],
      }),
    ),
    ...findNeedlessFamily(profile),
    ...findNeedlessTracking(profile),
    ...findNeedlessReason(profile),
    ...findOtherServer(profile),
  ];
}

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

function findNeedlessTracking(profile: Profile): Breach[] {
  if (!isTrackingOff(profile)) return [];
  return OF_TRACKING.filter((key) => profile.conntrack?.[key] !== undefined).map((key) => ({
    message: `\`conntrack.${key}\` does nothing: with \`conntrack.tracking: none\` nothing is tracked`,
    remedy: 'remove it, or set it to null if a base has it',
    causes: [`conntrack.${key}`, 'conntrack.tracking'],
  }));
}

function findNeedlessReason(profile: Profile): Breach[] {
  const { served, outbound, unproven } = profile.conntrack?.untracked ?? {};
  if (unproven === undefined || served === true || outbound === true || isTrackingOff(profile)) return [];
  return [
    {
      message: '`conntrack.untracked.unproven` does nothing: no rule that untracks is loaded',
      remedy: 'remove it, or set `conntrack.untracked.served` or `outbound` to true',
      causes: ['conntrack.untracked.unproven'],
    },
  ];
}

function findOtherServer(profile: Profile): Breach[] {
  const server = serverOf(profile);
  if (profile.role !== 'web-server' || server === 'apache' || profile.apache === undefined) return [];
  return [
    {
      message: `\`apache\` does nothing where \`server\` is ${server}`,
      remedy: 'remove it, or set it to null if a base has it',
      causes: ['apache', 'server'],
    },
  ];
}
