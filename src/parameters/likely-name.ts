import { distance } from 'fastest-levenshtein';
import { namesOf, PARAMETERS } from './parameters.ts';

/** What the kernel has, however much it looks like something of the catalogue. A `*` stands for an interface. */
const LOOK_ALIKES = [
  'net.ipv4.neigh.*.gc_stale_time',
  'net.ipv4.netfilter.ip_conntrack_sctp_timeout_established',
  'net.ipv4.route.max_size',
  'net.ipv4.tcp_fack',
  'net.ipv6.conf.*.accept_dad',
  'net.ipv6.ip_nonlocal_bind',
  'net.ipv6.neigh.*.gc_stale_time',
  'net.netfilter.nf_conntrack_dccp_loose',
  'net.netfilter.nf_conntrack_sctp_timeout_established',
];

/** What somebody likely meant by a name that the catalogue lacks. */
interface LikelyName {
  readonly name: string;
  /** It differs in a letter or two; otherwise it is the same in another folder. */
  readonly isTypo: boolean;
}

/** A name of the catalogue that this one is nearly; undefined for one that a kernel may well have. */
export function findLikelyName(asked: string): LikelyName | undefined {
  const { folder, last } = split(asked.slice(0, 200));
  if (LOOK_ALIKES.includes(`${asPattern(folder)}.${last}`)) return undefined;
  const known = PARAMETERS.filter(({ kind }) => kind === 'sysctl').flatMap(namesOf);
  const typo = known
    .map(split)
    .find((each) => [folder, asPattern(folder)].includes(each.folder) && isNearly(last, each.last));
  if (typo) return { name: `${folder}.${typo.last}`, isTypo: true };
  const dotted = /^(net\.ipv[46]\.conf)\.(.+\..+)$/.exec(folder);
  if (dotted && known.includes(`${dotted[1]}.*.${last}`))
    return { name: `${dotted[1]}.${dotted[2]?.replaceAll('.', '/')}.${last}`, isTypo: true };
  const elsewhere = known.find((name) => split(name).last === last && !name.includes('*'));
  return elsewhere === undefined ? undefined : { name: elsewhere, isTypo: false };
}

function split(name: string): { folder: string; last: string } {
  const dot = name.lastIndexOf('.');
  return { folder: name.slice(0, dot), last: name.slice(dot + 1) };
}

function asPattern(folder: string): string {
  return folder.replace(/^(net\.ipv[46]\.(?:conf|neigh))\.[^.]+$/, '$1.*');
}

function isNearly(asked: string, known: string): boolean {
  return distance(asked, known) <= Math.min(2, known.length / 3);
}
