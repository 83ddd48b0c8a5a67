import type { SpecifiedRule } from './iptables-rule.ts';

/**
 * Seconds that a renewal counts for. The guard renews every second; who waits for a site that lost its accept rules waits
 * no longer than this.
 */
const LEASE_SECONDS = 3;

/** Seconds after the end of untracking for which segments of connections that were open then are let through. */
const LEAVING_SECONDS = 600;

const FAMILIES = [
  { family: '-4 ', number: 4, mask: '0.0.0.0' },
  { family: '-6 ', number: 6, mask: '::' },
] as const;

/**
 * The first rule of a chain that untracks: whatever comes while nobody has renewed the lease leaves it here. A list of
 * `recent` with an empty mask holds one address, that of nobody, and every packet finds it (xt_recent.c). Once for the
 * chain, since it takes a lock; `npm run bench:lease` measures what that costs.
 */
export function specifyLease(profile: string): readonly SpecifiedRule[] {
  return FAMILIES.map(({ family, number, mask }) => ({
    family,
    specification: `-p tcp -m recent ! --rcheck --seconds ${LEASE_SECONDS} --name nettune-${profile}.${number} --mask ${mask} -j RETURN`,
  }));
}

/** A rule for untracked packets as one for what is left of their connections, which counts on when the lease has ended. */
export const specifyLeaving =
  (profile: string) =>
  (rule: SpecifiedRule): readonly SpecifiedRule[] =>
    FAMILIES.filter(({ family }) => rule.family === '' || rule.family === family).map(({ family, number, mask }) => ({
      family,
      specification: rule.specification.replace(
        / UNTRACKED -j/,
        ` NEW,INVALID -m recent --rcheck --seconds ${LEAVING_SECONDS} --name nettune-${profile}.open.${number} --mask ${mask} -j`,
      ),
    }));
