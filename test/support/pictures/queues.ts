import { type Box, drawNote, drawPicture, drawRow } from './svg.ts';

const WIDTH = 178;
const GAP = 30;

const QUEUES: readonly {
  readonly kind: Box['kind'];
  readonly lines: readonly string[];
  readonly full: readonly string[];
}[] = [
  {
    kind: 'ours',
    lines: ['Device backlog', 'packets for a processor', 'netdev_max_backlog'],
    full: ['full: column 2 of', '/proc/net/softnet_stat'],
  },
  {
    kind: 'ours',
    lines: ['SYN queue', 'half-open connections', 'somaxconn and', 'tcp_max_syn_backlog'],
    full: ['full: TCPReqQFullDoCookies,', '“possible SYN flooding”'],
  },
  {
    kind: 'ours',
    lines: ['Accept queue', 'open, not yet accepted', 'the smaller of somaxconn', "and the server's backlog"],
    full: ['full: ListenOverflows;', 'Recv-Q > Send-Q in ss -ltn'],
  },
  {
    kind: 'other',
    lines: ['Server', 'one worker or process', 'MaxRequestWorkers'],
    full: ['too slow or too few:', 'the accept queue stays full'],
  },
];

/** Where a new connection waits. */
export const drawQueues = () =>
  drawPicture({
    title: 'A new connection waits in the device backlog, the SYN queue and the accept queue before a server takes it',
    width: QUEUES.length * (WIDTH + GAP) - GAP + 4,
    height: 150,
    parts: [
      ...drawRow(QUEUES.map(({ kind, lines }, index) => ({ kind, lines, ...placeOf(index) }))),
      ...QUEUES.map(({ full }, index) => drawNote(placeOf(index).x + WIDTH / 2, 120, ...full)),
    ],
  });

function placeOf(index: number) {
  return { x: 2 + index * (WIDTH + GAP), y: 2, width: WIDTH, height: 90 };
}
