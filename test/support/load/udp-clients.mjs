// UDP clients: dialogues at a rate, each of three questions and answers over more than two seconds, after which the
// kernel takes it for a stream. Each has a port of its own, so that none continues the entry of another.
import { createSocket } from 'node:dgram';
import { finishWith, pace } from './pace.mjs';

const FIRST_PORT = 20_000;
const QUESTIONS_AT = [0, 1000, 2150];

const { to, port, perSecond, longestSeconds } = JSON.parse(process.argv[2] ?? '{}');
/** @type {number[]} milliseconds since 1970, of the last answer of every dialogue */
const finishedAt = [];
let failed = 0;
let started = 0;
console.log('ready');

function talk() {
  const socket = createSocket('udp4');
  let answers = 0;
  socket.on('error', () => failed++);
  socket.on('message', () => {
    if (++answers < QUESTIONS_AT.length) return;
    finishedAt.push(Date.now());
    socket.close();
  });
  socket.bind(FIRST_PORT + started++, () => {
    for (const milliseconds of QUESTIONS_AT) setTimeout(() => socket.send('?', port, to), milliseconds);
  });
}

pace(perSecond, talk);
finishWith(() => ({ open: 0, finishedAt, failed }), longestSeconds);
