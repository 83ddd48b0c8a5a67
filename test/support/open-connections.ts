import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import type { Host } from './namespaces.ts';

/** Connections that are open while something happens: each goes on, or breaks. */
export class OpenConnections {
  readonly #program: ChildProcessWithoutNullStreams;
  #said = '';

  private constructor(program: ChildProcessWithoutNullStreams) {
    this.#program = program;
    program.stdout.on('data', (data: Buffer) => {
      this.#said += data.toString();
    });
  }

  /** A server that sends and takes without end, and an echo of every line. Listens when it returns. */
  static async serve(host: Host, port: number): Promise<void> {
    const server = host.start(process.execPath, '-e', SERVER, `${port}`);
    await once(server.stdout, 'data');
  }

  /** A download, an upload, and one that is silent until `states`. All are open when it returns. */
  static async open(host: Host, address: string, port: number): Promise<OpenConnections> {
    const program = host.start(process.execPath, '-e', CLIENT, address, `${port}`);
    const connections = new OpenConnections(program);
    while (!connections.#said.includes('open\n')) await once(program.stdout, 'data');
    return connections;
  }

  /** What became of them: each transfers within some seconds, or this says why not. The silent one is woken. */
  async states(): Promise<Record<string, string>> {
    this.#program.stdin.write('\n');
    while (!this.#said.includes('}')) await once(this.#program.stdout, 'data');
    const [line = ''] = /\{.*\}/.exec(this.#said) ?? [];
    this.#program.kill();
    return JSON.parse(line);
  }
}

const SERVER = `
  const slowly = (socket) => setInterval(() => socket.writable && socket.write('x'.repeat(1000)), 20);
  require('node:net').createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (word) => {
      if (String(word) === 'download') { const timer = slowly(socket); socket.on('close', () => clearInterval(timer)); }
      else socket.write('ready');
      socket.on('data', () => socket.write('taken'));
    });
  }).listen(Number(process.argv[1]), '0.0.0.0', () => console.log('listening'));`;

const CLIENT = `
  const [host, port] = process.argv.slice(1);
  const connections = ['download', 'upload', 'idle'].map((kind) => {
    const socket = require('node:net').connect({ host, port: Number(port) });
    const connection = { kind, socket, bytes: 0, fault: '' };
    socket.on('connect', () => socket.write(kind));
    socket.on('data', (data) => { connection.bytes += data.length; });
    socket.on('error', ({ code }) => { connection.fault = code; });
    socket.on('close', () => { connection.fault ||= 'closed'; });
    if (kind === 'upload') setInterval(() => connection.bytes && socket.writable && socket.write('x'.repeat(1000)), 20);
    return connection;
  });
  const waiting = setInterval(() => {
    if (connections.some(({ bytes }) => bytes === 0)) return;
    clearInterval(waiting);
    console.log('open');
  }, 20);
  process.stdin.once('data', () => {
    const before = connections.map(({ bytes }) => bytes);
    const end = Date.now() + 15000;
    connections[2].socket.write('wake');
    const looking = setInterval(() => {
      const states = connections.map(({ bytes, fault }, index) => fault || (bytes > before[index] ? 'alive' : 'silent'));
      if (states.includes('silent') && Date.now() < end) return;
      clearInterval(looking);
      console.log(JSON.stringify(Object.fromEntries(connections.map(({ kind }, index) => [kind, states[index]]))));
      process.exit(0);
    }, 50);
  });`;
