import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Host } from './namespaces.ts';

const PROGRAM = fileURLToPath(new URL('oracle-agent.mjs', import.meta.url));

/** From an address of the host, or from the one that the host chooses, to a port. */
export interface Cell {
  readonly from?: string;
  readonly to: string;
  readonly port: number;
  readonly localPort?: number;
  readonly isLong?: boolean;
}

/** What a connection that stays is for. */
export const KINDS = ['download', 'upload', 'idle'] as const;

export interface HeldCell extends Cell {
  readonly kind: (typeof KINDS)[number];
}

/** A process on a host that serves and connects as it is told: one for all addresses and ports. */
export class Agent {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  #requests = 0;

  constructor(host: Host) {
    this.#process = host.start(process.execPath, PROGRAM);
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      const { id, result } = JSON.parse(line);
      this.#waiting.get(id)?.resolve(result);
      this.#waiting.delete(id);
    });
    let complaint = '';
    this.#process.stderr.on('data', (data) => {
      complaint += data;
    });
    this.#process.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`the agent has ended: ${complaint}`));
    });
    // What is written to an agent that has been removed is nobody's.
    this.#process.stdin.on('error', () => {});
  }

  serve = (ports: readonly number[]) => this.#ask('serve', { ports });
  connect = (cells: readonly Cell[]) => this.#ask('connect', { cells }) as Promise<string[]>;
  hold = (cells: readonly HeldCell[]) => this.#ask('hold', { cells }) as Promise<boolean[]>;
  goOn = () => this.#ask('goOn', {}) as Promise<string[]>;

  #ask(task: string, request: object): Promise<unknown> {
    const id = this.#requests++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.stdin.write(`${JSON.stringify({ id, task, ...request })}\n`);
    });
  }
}
