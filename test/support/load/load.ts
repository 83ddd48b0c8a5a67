import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Host } from '../namespaces.ts';

/** What clients are to do. */
export interface Load {
  readonly protocol: 'tcp' | 'udp';
  readonly to: string;
  readonly port: number;
  readonly perSecond: number;
  readonly open: number;
  /** When they end at the latest, whatever becomes of the program that asked for them. */
  readonly longestSeconds: number;
}

/** What they did, by themselves. */
export interface LoadReport {
  /** Connections that were still open in the end. */
  readonly open: number;
  /** Milliseconds since 1970, of each that ended in order. */
  readonly finishedAt: readonly number[];
  readonly failed: number;
}

/** What servers there are on a host. */
export interface Servers {
  readonly tcp?: readonly number[];
  readonly udp?: readonly number[];
  readonly proxies?: readonly { port: number; to: string; toPort: number }[];
}

/** Clients that go on until they are stopped. */
export class RunningLoad {
  readonly #program: ChildProcess;

  constructor(program: ChildProcess) {
    this.#program = program;
  }

  /** Its report can be more than a pipe holds: the clients end only when it has been read. */
  async stop(): Promise<LoadReport> {
    const chunks: string[] = [];
    this.#program.stdout
      ?.setEncoding('utf8')
      .on('data', (chunk) => chunks.push(chunk))
      .resume();
    this.#program.stdin?.end();
    const [code] = await once(this.#program, 'close');
    if (code !== 0) throw new Error(`clients ended with ${code}: a load is limited in time`);
    return JSON.parse(chunks.join(''));
  }
}

/** Clients on a host; those that stay open are open when it returns. */
export async function startLoad(host: Host, load: Load): Promise<RunningLoad> {
  return new RunningLoad(await start(host, `${load.protocol}-clients.mjs`, load));
}

/** Servers on a host; they listen when it returns. */
export async function startServers(host: Host, servers: Servers): Promise<void> {
  await start(host, 'servers.mjs', servers);
}

async function start(host: Host, program: string, argument: object): Promise<ChildProcess> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = host.start(process.execPath, path, JSON.stringify(argument));
  const isReady = await Promise.race([once(child.stdout, 'data'), once(child, 'close').then(() => undefined)]);
  if (!isReady) throw new Error(`${program} in ${host.namespace} ended before it was ready: ${child.stderr.read()}`);
  child.stdout.pause();
  return child;
}
