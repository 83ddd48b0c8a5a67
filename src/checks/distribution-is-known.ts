import { DISTRIBUTIONS } from '../distributions/distributions.ts';
import { nearestDistribution } from '../distributions/nearest-distribution.ts';
import type { Check } from './check.ts';

export const distributionIsKnown: Check = {
  id: 'distribution-is-known',
  severity: 'warning',
  what: '`host.distribution` is one that nettune has a row for.',
  why: 'Paths, services and versions come from a related distribution, and may differ on this host.',
  fix: 'Compare the rendered paths and services with the host, then allow this.',
  source: 'the packages of the distributions, docs/hosts.md',
  find: ({ host }) => {
    const { id, family } = host.distribution;
    if (DISTRIBUTIONS.some((row) => row.id === id)) return [];
    const nearest = nearestDistribution(family, host.kernel);
    return [
      {
        message: `nettune does not know \`${id}\`, and writes the files as for ${nearest.title}`,
        remedy: `compare paths and services with those of ${nearest.title}, then allow this`,
        causes: ['host.distribution'],
      },
    ];
  },
};
