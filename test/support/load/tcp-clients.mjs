// TCP clients: some connections that stay open, and others that are opened at a rate and closed at once. Says `ready`
// when the first kind is open; goes on until standard input ends, then prints what it really did.
import { connect } from 'node:net';
import { finishWith, pace } from './pace.mjs';

const { to, port, perSecond, open, longestSeconds } = JSON.parse(process.argv[2] ?? '{}');
const held = await Promise.all(Array.from({ length: open }, hold));
/** @type {number[]} milliseconds since 1970, of every connection that has ended in order */
const finishedAt = [];
let failed = 0;
console.log('ready');

function hold() {
  return new Promise((resolve, reject) => {
    const socket = connect(port, to, () => resolve(socket)).on('error', reject);
  });
}

/** The client closes first, as programs do that ask one thing: its socket is the one that stays in TIME_WAIT. */
function ask() {
  const socket = connect(port, to);
  socket.on('data', () => socket.end());
  socket.on('error', () => failed++);
  socket.on('close', (hasFailed) => hasFailed || finishedAt.push(Date.now()));
}

pace(perSecond, ask);
finishWith(() => ({ open: held.filter(({ closed }) => !closed).length, finishedAt, failed }), longestSeconds);
