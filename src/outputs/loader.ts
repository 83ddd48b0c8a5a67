import type { Draft } from './output.ts';

/** What loads the packet rules of a profile, by whichever tool. */
export function draftLoader(name: string, tool: 'iptables' | 'nftables'): Draft[] {
  const folder = `etc/nettune/${name}`;
  return [
    {
      path: `${folder}/rules.sh`,
      mode: 0o755,
      purpose: 'loads, removes or examines the packet rules',
      body: { text: `${tool}/rules.sh` },
    },
    {
      path: `${folder}/loader.sh`,
      purpose: 'has what the loaders for iptables and nft share',
      body: { text: 'loader/loader.sh' },
    },
  ];
}
