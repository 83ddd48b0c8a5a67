import type { Host } from './namespaces.ts';
import { mustRunIn } from './run-in.ts';

const IPTABLES = ['nft', 'legacy'].flatMap((kind) => [`iptables-${kind}-save`, `ip6tables-${kind}-save`]);

const SEPARATOR = '==== next ====';
const SAVE = ['nft -s list ruleset', 'ipset save', ...IPTABLES].join(`\necho '${SEPARATOR}'\n`);

/** What nettune calls its own, in every table. */
const OURS = /\bNT-|nettune/;

/** Tables of nft that iptables-nft writes: they are seen as iptables saves them. */
const OF_IPTABLES = /^table ip6? (filter|nat|mangle|raw|security) /;

/**
 * All rules and sets of a host that are not nettune's, without what moves by itself: counters, times, and members that
 * packets add. Empty tables that accept are left out: they come with the first look at them.
 */
export async function foreignStateOf(host: Host): Promise<string> {
  const output = await mustRunIn(host, ['sh', '-ec', SAVE]);
  const [ruleset = '', sets = '', ...saved] = output.split(`${SEPARATOR}\n`);
  const tables = saved.flatMap((text, index) =>
    text.split(/^(?=\*)/m).map((table) => `${IPTABLES[index]} ${withoutOurs(table)}`),
  );
  const ofNft = ruleset
    .split(/^(?=table )/m)
    .filter((table) => table.trim() !== '' && !OF_IPTABLES.test(table) && !OURS.test(firstLine(table)));
  return [
    ...tables.filter((table) => /^(-A|:\S+ (?!ACCEPT))/m.test(table)).sort(),
    ...ofNft.map(withoutMembersByPackets).sort(),
    sets.replace(/ (timeout \d+|initval \S+)/g, ''),
  ].join('\n');
}

function withoutOurs(saved: string): string {
  const lines = saved.replace(/\[\d+:\d+\]/g, '').split('\n');
  const kept = lines.filter((line) => line !== '' && !line.startsWith('#') && !OURS.test(line));
  // Old programs list the chains in another order when some have come and gone; the order in a chain is what counts.
  return kept.sort((one, other) => chainOf(one).localeCompare(chainOf(other))).join('\n');
}

const chainOf = (line: string) => /^(?:-A |(:))(\S+)/.exec(line)?.slice(1).join('') ?? '';

const withoutMembersByPackets = (table: string) =>
  table.replace(/(flags [\w,]*dynamic[\w,]*\n)((?:(?!\t\}).*\n)*?)\t\telements = \{[^}]*\}\n/g, '$1$2').trim();

const firstLine = (text: string) => text.split('\n', 1)[0] ?? '';
