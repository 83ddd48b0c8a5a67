import { type Box, drawPicture, drawRow } from './svg.ts';

const WIDTH = 146;
const GAP = 26;

const STEPS: readonly { readonly kind: Box['kind']; readonly lines: readonly string[] }[] = [
  { kind: 'ours', lines: ['Profile', 'role, memory,', 'traffic'] },
  { kind: 'other', lines: ['Git', 'review, with what', 'changes on hosts'] },
  { kind: 'other', lines: ['CI', 'nettune validate', 'nettune render'] },
  { kind: 'other', lines: ['Ansible, or a copy', 'files, plan,', 'one program'] },
  { kind: 'ours', lines: ['Host', 'nettune-host apply,', 'verify, remove'] },
];

/** From a profile to a host. */
export const drawWay = () =>
  drawPicture({
    title: 'A profile goes through Git and CI, and by Ansible or a copy, to the host',
    width: STEPS.length * (WIDTH + GAP) - GAP + 4,
    height: 84,
    parts: drawRow(
      STEPS.map((step, index) => ({ ...step, x: 2 + index * (WIDTH + GAP), y: 2, width: WIDTH, height: 80 })),
    ),
  });
