import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** What a program did. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Of iproute2. */
const IP = 'ip';

let networks = 0;

/** Hosts of our own, in network namespaces: nothing outside them is touched. `remove` takes all of them away again. */
export class Network {
  readonly #prefix = `nettune${process.pid}-${networks++}`;
  readonly #hosts: Host[] = [];
  #links = 0;

  host(name: string, path?: string): Host {
    const host = new Host(`${this.#prefix}-${name}`, path);
    this.#hosts.push(host);
    host.must('ip', 'link', 'set', 'lo', 'up');
    return host;
  }

  /** A cable between two hosts. The n-th one has 10.203.n.1 and fd00:203:n::1 at its first end, .2 at its second. */
  link(first: Host, second: Host): void {
    const link = ++this.#links;
    const [one, other] = [`v${link}a`, `v${link}b`];
    // From outside: inside, /run has no names of namespaces.
    const cable = ['link', 'add', one, 'type', 'veth', 'peer', 'name', other, 'netns', second.namespace];
    must(spawnSync(IP, ['-n', first.namespace, ...cable]), `ip ${cable.join(' ')}`);
    for (const [host, device, end] of [[first, one, 1] as const, [second, other, 2] as const]) {
      host.must('ip', 'address', 'add', `10.203.${link}.${end}/24`, 'dev', device);
      host.must('ip', 'address', 'add', `fd00:203:${link}::${end}/64`, 'dev', device, 'nodad');
      host.must('ip', 'link', 'set', device, 'up');
    }
  }

  remove(): void {
    for (const host of this.#hosts) host.remove();
  }
}

/** What a loader leaves on its host, and tests on one machine must not share. */
const OWN_FOLDERS = ['run', 'var/cache'];
const WITH_OWN_FOLDERS = `${OWN_FOLDERS.map((path) => `mount --bind "$0/${path}" /${path}`).join(' && ')} && exec "$@"`;

/** A namespace, with some folders of its own; `path` is the PATH of the programs that run in it. */
export class Host {
  readonly namespace: string;
  readonly path: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'nettune-host-'));
  readonly #programs: ChildProcess[] = [];

  constructor(namespace: string, path = process.env['PATH'] ?? '') {
    this.namespace = namespace;
    this.path = path;
    for (const own of OWN_FOLDERS) mkdirSync(join(this.#folder, own), { recursive: true });
    must(spawnSync(IP, ['netns', 'add', namespace]), `ip netns add ${namespace}`);
  }

  run(program: string, args: readonly string[], options: { input?: string; path?: string } = {}): Outcome {
    const { status, stdout, stderr } = spawnSync(IP, this.#enter(program, args), {
      env: { ...process.env, PATH: options.path ?? this.path },
      input: options.input ?? '',
      timeout: 30_000,
    });
    return { code: status, stdout: String(stdout), stderr: String(stderr) };
  }

  /** The same as `run`, while other hosts go on. */
  async runAside(program: string, args: readonly string[]): Promise<Outcome> {
    const child = this.start(program, ...args);
    child.stdin.end();
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code, stdout, stderr };
  }

  #enter(program: string, args: readonly string[]): string[] {
    return ['netns', 'exec', this.namespace, '/bin/sh', '-c', WITH_OWN_FOLDERS, this.#folder, program, ...args];
  }

  /** The output of a program that has to succeed. */
  must(program: string, ...args: readonly string[]): string {
    const outcome = this.run(program, args);
    if (outcome.code !== 0) throw new Error(`${program} ${args.join(' ')} in ${this.namespace}: ${outcome.stderr}`);
    return outcome.stdout;
  }

  /** Loads rules as iptables-save prints them, in place of those that are there. */
  restore(program: 'iptables-restore' | 'ip6tables-restore', rules: string): void {
    const outcome = this.run(program, [], { input: rules });
    if (outcome.code !== 0) throw new Error(`${program} in ${this.namespace}: ${outcome.stderr}\n${rules}`);
  }

  /** A program that runs until it ends or this host is removed. */
  start(program: string, ...args: readonly string[]): ChildProcessWithoutNullStreams {
    const child = spawn(IP, this.#enter(program, args), { env: { ...process.env, PATH: this.path } });
    this.#programs.push(child);
    return child;
  }

  /** A server on these ports, of both families, that sends `bytes` bytes to whoever connects. Listens when it returns. */
  async serve(ports: readonly number[], bytes = 3): Promise<void> {
    const server = this.start(process.execPath, '-e', SERVER, `${bytes}`, ...ports.map(String));
    await once(server.stdout, 'data');
  }

  /** How many bytes a server sends to this host within some seconds; or why none came. */
  fetch(address: string, port: number, seconds = 1): number | string {
    const { stdout, stderr } = this.run(process.execPath, ['-e', CLIENT, address, `${port}`, `${seconds * 1000}`]);
    return stdout === '' ? stderr.trim() : Number(stdout);
  }

  remove(): void {
    for (const program of this.#programs) program.kill('SIGKILL');
    spawnSync(IP, ['netns', 'delete', this.namespace]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function must({ status, stderr }: { status: number | null; stderr: Buffer }, what: string): void {
  if (status !== 0) throw new Error(`${what}: ${stderr}`);
}

const SERVER = `
  const [bytes, ...ports] = process.argv.slice(1).map(Number);
  let waiting = ports.length;
  for (const port of ports)
    require('node:net')
      .createServer((socket) => socket.on('error', () => {}).end(Buffer.alloc(bytes)))
      .listen(port, '::', () => --waiting || console.log('listening'));`;

const CLIENT = `
  const [host, port, milliseconds] = process.argv.slice(1);
  const socket = require('node:net').connect({ host, port: Number(port) });
  let bytes = 0;
  const giveUp = (why) => { console.error(why); process.exit(1); };
  setTimeout(() => giveUp('timeout'), Number(milliseconds));
  socket.on('error', ({ code }) => giveUp(code));
  socket.on('data', (data) => { bytes += data.length; });
  socket.on('end', () => { process.stdout.write(String(bytes)); process.exit(0); });`;
