// One process in a namespace: it serves ports, connects to others from many addresses, and keeps connections open.
// It reads a request per line, as JSON with an id, and answers with a line that has the same id.
import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** @typedef {import('node:net').Socket} Socket */
/** @typedef {{ from?: string, to: string, port: number, localPort?: number, isLong?: boolean }} Cell */
/** @typedef {{ kind: string, socket: Socket, bytes: number, end: string | null }} Connection */

/** Bytes of a long answer: many times what fits into the first window, so that it needs the path's MTU. */
const LONG = 100_000;

/** Bytes of an answer that fits into any packet. */
const SHORT = 100;

/** How long a connection may take to open. Linux sends a SYN again after 1 s: one lost packet is not silence. */
const OPENING_MILLISECONDS = 1300;

/** How long a long answer, or the next bytes of an open connection, may take. */
const ANSWER_MILLISECONDS = 4000;

const CHUNK = Buffer.alloc(4096);
const PACE_MILLISECONDS = 50;

/** What a server does for a client that says this first. @type {Record<string, (socket: Socket) => unknown>} */
const SERVICES = {
  long: (socket) => socket.end(Buffer.alloc(LONG)),
  short: (socket) => socket.end(Buffer.alloc(SHORT)),
  download: (socket) => pace(socket),
  // A byte for what has come shows the client that it has arrived.
  upload: (socket) => socket.on('data', () => socket.write('.')),
  idle: (socket) => socket.on('data', () => socket.write('.')),
};

/** Connections that are open over several requests. @type {Connection[]} */
const held = [];

/** @type {Record<string, (request: any) => Promise<unknown>>} */
const requests = {
  serve: ({ ports }) => Promise.all(ports.map(listen)),
  /** Who gets in: for each cell `opened`, `cut short` when not all of the answer came, `silent` or `refused`. */
  connect: ({ cells }) => Promise.all(cells.map(connect)),
  /** Opens connections that stay; answers which of them opened. */
  hold: ({ cells }) => Promise.all(cells.map(hold)),
  /** Whether each connection that stays goes on. */
  goOn: () => Promise.all(held.map(goOn)),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, task, ...request } = JSON.parse(line);
  requests[task]?.(request).then((result) => console.log(JSON.stringify({ id, result })));
}
process.exit(0);

/** @param {number} port */
async function listen(port) {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    // Lines of the client are lost on nobody: the service sees what comes after the first one.
    socket.once('data', (data) => SERVICES[String(data).replace(/\n.*/s, '')]?.(socket));
  });
  await once(server.listen(port, '::', 4096), 'listening');
}

/** @param {Socket} socket */
function pace(socket) {
  const timer = setInterval(() => socket.write(CHUNK), PACE_MILLISECONDS);
  socket.on('close', () => clearInterval(timer));
}

/** @param {Cell} cell @param {string} service */
function open({ from, to, port, localPort }, service) {
  const socket = createConnection({
    host: to,
    port,
    ...(localPort ? { localPort } : {}),
    ...(from ? { localAddress: from } : {}),
  });
  socket.on('connect', () => socket.write(`${service}\n`));
  return socket;
}

/** In silence, or by somebody who says so. @param {string} message */
function whyNot(message) {
  return message.includes('ETIMEDOUT') ? 'silent' : 'refused';
}

/** @param {Cell} cell @returns {Promise<string>} */
function connect(cell) {
  return new Promise((resolve) => {
    const socket = open(cell, cell.isLong ? 'long' : 'short');
    const all = cell.isLong ? LONG : SHORT;
    let bytes = -1;
    let timer = setTimeout(() => finish('silent'), OPENING_MILLISECONDS);
    const opened = () => (bytes === all ? 'opened' : 'cut short');
    const finish = (/** @type {string} */ result) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    };
    socket.on('connect', () => {
      bytes = 0;
      clearTimeout(timer);
      timer = setTimeout(() => finish(opened()), ANSWER_MILLISECONDS);
    });
    socket.on('data', (data) => {
      bytes += data.length;
    });
    socket.on('end', () => finish(opened()));
    socket.on('error', ({ message }) => finish(bytes < 0 ? whyNot(message) : opened()));
  });
}

/** @param {Cell & { kind: string }} cell @returns {Promise<boolean>} */
function hold({ kind, ...cell }) {
  return new Promise((resolve) => {
    const socket = open(cell, kind);
    /** @type {Connection} */
    const connection = { kind, socket, bytes: 0, end: null };
    held.push(connection);
    const timer = setTimeout(() => resolve(false), OPENING_MILLISECONDS);
    socket.on('connect', () => {
      clearTimeout(timer);
      resolve(true);
      if (kind === 'upload') pace(socket);
    });
    socket.on('data', (data) => {
      connection.bytes += data.length;
    });
    socket.on('error', ({ message }) => {
      connection.end ??= message;
      resolve(false);
    });
    socket.on('close', () => {
      connection.end ??= 'closed';
    });
  });
}

/** `goes on`, `stuck`, or the error that ended it. An idle connection is woken by its client. @param {Connection} connection */
async function goOn(connection) {
  const before = connection.bytes;
  if (connection.kind === 'idle') connection.socket.write('anybody there?\n');
  for (let waited = 0; waited < ANSWER_MILLISECONDS; waited += PACE_MILLISECONDS) {
    if (connection.end) return connection.end;
    // A download that was on its way when it was asked is not one that goes on: it takes two more turns.
    const enough = connection.kind === 'download' ? 2 * CHUNK.length : 1;
    if (connection.bytes - before >= enough && waited >= 2 * PACE_MILLISECONDS) return 'goes on';
    await new Promise((resolve) => setTimeout(resolve, PACE_MILLISECONDS));
  }
  return 'stuck';
}
