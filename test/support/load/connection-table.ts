import type { Host } from '../namespaces.ts';

/** An entry of a host's connection table. */
export interface Entry {
  readonly protocol: string;
  /** Of TCP; empty otherwise. */
  readonly state: string;
  /** Whether it has seen enough to be kept when the table is full; of UDP, to be a stream. */
  readonly isAssured: boolean;
  /** Where its first packet went. */
  readonly to: { readonly address: string; readonly port: number };
  /** The port that answers go to: behind translation, the gateway's. */
  readonly answeredPort: number;
}

/** `tcp 6 119 TIME_WAIT src=… dst=… sport=… dport=… src=… dst=… sport=… dport=… [ASSURED] …` */
export function listEntries(host: Host): Entry[] {
  const lines = host.must('conntrack', '-L').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [, protocol = '', state = ''] = /^(\S+)\s+\d+\s+\d+ (?:([A-Z_0-9]+) )?/.exec(line) ?? [];
    const all = (key: string) => [...line.matchAll(new RegExp(`\\b${key}=(\\S+)`, 'g'))].map(([, value = '']) => value);
    return {
      protocol,
      state,
      isAssured: line.includes('[ASSURED]'),
      to: { address: all('dst')[0] ?? '', port: Number(all('dport')[0]) },
      answeredPort: Number(all('dport')[1]),
    };
  });
}

/** What the kernel itself says of their number; expired ones count until it comes past them. */
export function countByKernel(host: Host): number {
  return Number(host.must('cat', '/proc/sys/net/netfilter/nf_conntrack_count'));
}
