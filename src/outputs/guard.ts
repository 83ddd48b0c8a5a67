import type { Plan } from '../values/plan.ts';
import type { Draft } from './output.ts';

/** How each tool's rules are leased. */
const LEASES = { iptables: 'guard/lease-recent.sh', nftables: 'guard/lease-nft.sh' } as const;

/** What keeps ports untracked, and has them tracked when it is no longer known that the filter accepts them so. */
export function draftGuard({ name }: Plan, tool: keyof typeof LEASES): Draft[] {
  const folder = `etc/nettune/${name}`;
  return [
    {
      path: `${folder}/guard.sh`,
      mode: 0o755,
      purpose: 'looks at the filter, and keeps the served ports untracked while it is as proven',
      body: { text: 'guard/guard.sh' },
    },
    { path: `${folder}/lease.sh`, purpose: 'renews and ends untracking in the kernel', body: { text: LEASES[tool] } },
    {
      path: `${folder}/adopt.sh`,
      purpose: 'takes away the entries of open connections when untracking begins, and gives them back',
      body: { text: 'guard/adopt.sh' },
    },
    {
      path: `${folder}/fingerprint.sh`,
      purpose: 'prints a hash of all rules and addresses',
      body: { text: 'guard/fingerprint.sh' },
    },
    {
      path: `etc/systemd/system/nettune-${name}.service`,
      purpose: 'runs the guard, which loads the packet rules',
      body: { text: 'guard/nettune.service' },
    },
  ];
}
