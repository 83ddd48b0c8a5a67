import type { Draft } from './output.ts';

/** What tries, on a host, whether packet rules change who reaches its ports; the same for every loader and profile. */
const PARTS: readonly (readonly [string, string])[] = [
  ['proof/prove.sh', 'tries whether our packet rules change who reaches the served ports'],
  ['proof/copy.sh', 'copies what decides about packets on this host'],
  ['proof/stage.sh', 'tries connections in such a copy'],
  ['proof/client.bash', 'is one client there'],
  ['proof/sources.awk', 'finds whom rules name'],
  ['proof/ports.awk', 'finds which ports to try'],
  ['proof/destinations.awk', 'finds destinations that rules of translation name'],
  ['proof/cells.awk', 'says who tries what'],
  ['proof/unseen.awk', 'finds rules of which a copy shows nothing'],
  ['proof/unseen-nft.awk', 'the same in tables of nft'],
  ['proof/judge.awk', 'compares what came of it'],
  ['proof/translations.awk', 'finds rules that lead a port elsewhere'],
  ['proof/verdict.awk', 'says what that shows'],
];

/** The proof of the packet rules of a profile, in its folder. */
export function draftProof(name: string): Draft[] {
  const folder = `etc/nettune/${name}`;
  return [
    draftReader(folder),
    ...PARTS.map(([text, purpose]) => ({ path: `${folder}/${text}`, purpose, body: { text } })),
  ];
}

/** For the proof, and for the loader for iptables. */
export function draftReader(folder: string): Draft {
  return {
    path: `${folder}/read.awk`,
    purpose: 'reads what iptables-save prints',
    body: { text: 'iptables/read.awk' },
  };
}
