import type { Profile } from '#generated/profile.ts';
import type { DistributionRow } from '../distributions/distribution.ts';

/** Who keeps the packet filter of a host. */
export type Filter = NonNullable<NonNullable<Profile['firewall']>['filter']>;

export const filterOf = ({ firewall }: Profile): Filter => firewall?.filter ?? 'none';

/**
 * What loads the packet rules. With iptables, accept rules are put between those of the filter. No rule of ours can override
 * what nft, firewalld or ufw drop: there a table of nft's has the rules that untrack, and a proof shows whether they may.
 */
export function packetTool(profile: Profile, { packetRules }: DistributionRow): 'iptables' | 'nftables' {
  const filter = filterOf(profile);
  if (filter === 'iptables') return 'iptables';
  return filter === 'none' ? packetRules : 'nftables';
}
