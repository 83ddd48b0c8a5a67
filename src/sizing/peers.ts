import type { Machine } from '../values/host.ts';
import type { Value } from '../values/plan.ts';
import { memoryRuleEntries } from './kernel-table.ts';

/** What somebody else sets a parameter to, whatever the traffic. */
interface Peer {
  readonly who: string;
  /** Names of one quantity: kernels before 4.8 take buckets as an option of the module alone. */
  readonly parameters: readonly string[];
  readonly value: (machine: Machine) => Value;
  /** What the value hangs on that is not known here. */
  readonly note?: string;
  readonly source: string;
}

const ENTRIES = ['net.netfilter.nf_conntrack_max'];
const BUCKETS = ['net.netfilter.nf_conntrack_buckets', 'nf_conntrack hashsize'];

const KUBE_PROXY = { who: 'kube-proxy', source: 'kubernetes, pkg/proxy/conntrack' };
const TUNED = { who: "tuned's openshift profile", source: 'tuned 2.20, openshift/tuned.conf' };
const MEMORY_RULE = { who: 'the memory rule', source: 'memory / 16384 / (bits / 32), of the years of 2.4' };

/** The memory rule's entries for each bucket. */
const ENTRIES_PER_BUCKET = 8;

/** Whatever sets these parameters elsewhere; `docs/comparison.md` puts them side by side. */
export const PEERS: readonly Peer[] = [
  { ...MEMORY_RULE, parameters: ENTRIES, value: memoryRuleEntries },
  {
    ...MEMORY_RULE,
    parameters: BUCKETS,
    value: (machine) => Math.floor(memoryRuleEntries(machine) / ENTRIES_PER_BUCKET),
  },
  {
    ...KUBE_PROXY,
    parameters: ENTRIES,
    value: () => 131072,
    note: 'with up to 4 processors; 32,768 for each with more, at most 1,048,576',
  },
  { ...KUBE_PROXY, parameters: BUCKETS, value: () => 32768, note: 'with up to 4 processors; a quarter of the entries' },
  { ...KUBE_PROXY, parameters: ['net.netfilter.nf_conntrack_tcp_timeout_established'], value: () => 86400 },
  { ...KUBE_PROXY, parameters: ['net.netfilter.nf_conntrack_tcp_timeout_close_wait'], value: () => 3600 },
  { ...TUNED, parameters: ENTRIES, value: () => 1048576 },
  { ...TUNED, parameters: BUCKETS, value: () => 1048576 },
  ...(['ipv4', 'ipv6'] as const).flatMap((family) =>
    [8192, 32768, 65536].map((entries, index) => ({
      ...TUNED,
      parameters: [`net.${family}.neigh.default.gc_thresh${index + 1}`],
      value: () => entries,
    })),
  ),
];
