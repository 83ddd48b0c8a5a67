import { type Box, drawArrow, drawBox, drawNote, drawPicture } from './svg.ts';

const RAW: Box = {
  x: 112,
  y: 60,
  width: 150,
  height: 74,
  kind: 'ours',
  lines: ['Table raw', 'served port,', 'and lease fresh?'],
};
const TRACKER: Box = {
  x: 330,
  y: 2,
  width: 170,
  height: 70,
  kind: 'other',
  lines: ['Connection table', 'an entry for each', 'connection'],
};
const PAST: Box = {
  x: 330,
  y: 122,
  width: 170,
  height: 70,
  kind: 'ours',
  lines: ['No entry', 'packet is marked', 'untracked'],
};
const FILTER: Box = {
  x: 560,
  y: 60,
  width: 150,
  height: 74,
  kind: 'other',
  lines: ['Your firewall', 'accepts by state, or', 'by our accept rules'],
};
const SERVER: Box = { x: 760, y: 60, width: 90, height: 74, kind: 'other', lines: ['Server'] };

const left = ({ x, y, height }: Box): [number, number] => [x - 2, y + height / 2];
const right = ({ x, y, width, height }: Box): [number, number] => [x + width, y + height / 2];

/** The way of a packet that comes in, tracked and untracked. */
export const drawPacketPath = () =>
  drawPicture({
    title:
      'A packet of a served port passes the connection table by, as long as the lease is fresh; all others are tracked',
    width: 852,
    height: 196,
    parts: [
      drawNote(50, 92, 'packet'),
      drawArrow([12, 97], left(RAW)),
      ...[RAW, TRACKER, PAST, FILTER, SERVER].map(drawBox),
      drawArrow([...right(RAW)], left(TRACKER)),
      drawArrow([...right(RAW)], left(PAST)),
      drawNote(286, 56, 'no'),
      drawNote(286, 146, 'yes'),
      drawArrow(right(TRACKER), left(FILTER)),
      drawArrow(right(PAST), left(FILTER)),
      drawArrow(right(FILTER), left(SERVER)),
    ],
  });
