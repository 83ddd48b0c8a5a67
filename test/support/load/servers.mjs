// Servers for the clients of this folder: TCP ports that greet and wait for the client to close, UDP ports that answer,
// and ports of a proxy that opens a connection of its own for each that it accepts. Says `ready` when all listen.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** @type {{ tcp?: number[], udp?: number[], proxies?: { port: number, to: string, toPort: number }[] }} */
const { tcp = [], udp = [], proxies = [] } = JSON.parse(process.argv[2] ?? '{}');

/** @type {(port: number, serve: (socket: import('node:net').Socket) => void) => Promise<unknown>} */
const listen = (port, serve) =>
  once(
    createServer((socket) => serve(socket.on('error', () => socket.destroy()))).listen(port, '0.0.0.0', 4096),
    'listening',
  );

/** @type {(port: number) => Promise<unknown>} */
function answer(port) {
  const socket = createSocket('udp4');
  socket.on('message', (_, { port: from, address }) => socket.send('!', from, address));
  return once(socket.bind(port), 'listening');
}

await Promise.all([
  ...tcp.map((port) => listen(port, (socket) => socket.resume().write('!'))),
  ...proxies.map(({ port, to, toPort }) =>
    listen(port, (socket) => socket.pipe(connect(toPort, to).on('error', () => socket.destroy())).pipe(socket)),
  ),
  ...udp.map(answer),
]);
console.log('ready');
process.stdin.on('end', () => process.exit()).resume();
