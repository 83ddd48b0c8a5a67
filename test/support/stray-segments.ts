import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Cell } from './agent.ts';
import type { Host } from './namespaces.ts';

const PROGRAM = fileURLToPath(new URL('stray-segments.py', import.meta.url));

/** The system's own before one of a version manager, whose search for a version takes longer than the program. */
const PYTHON = ['env', `PATH=/usr/bin:${process.env['PATH']}`, 'python3', PROGRAM] as const;

/** Time for segments to cross three hosts. */
const CROSSING_MILLISECONDS = 150;

/** Sends segments of no connection from one host and sees, behind the filter of another one, which of them reach TCP. */
export class StraySegments {
  readonly #sender: ChildProcessWithoutNullStreams;
  readonly #answers: Interface;
  readonly #reached = new Set<number>();
  readonly #listening: Promise<unknown>;
  #sent = 0;

  constructor(from: Host, to: Host) {
    const listener = createInterface({ input: to.start(...PYTHON, 'listen').stdout });
    this.#listening = once(listener, 'line');
    listener.on('line', (line) => this.#reached.add(Number(line)));
    this.#sender = from.start(...PYTHON, 'send');
    this.#sender.stdin.on('error', () => {});
    this.#answers = createInterface({ input: this.#sender.stdout });
  }

  /** For each cell, whether its segment reaches TCP. */
  async send(cells: readonly Cell[]): Promise<boolean[]> {
    if (cells.length === 0) return [];
    await this.#listening;
    const first = this.#sent;
    this.#sent += cells.length;
    const lines = cells.map(({ from, to, port }, index) => `${from} ${to} ${port} ${first + index}\n`);
    const sent = once(this.#answers, 'line');
    this.#sender.stdin.write(`${lines.join('')}\n`);
    await sent;
    await sleep(CROSSING_MILLISECONDS);
    return cells.map((_, index) => this.#reached.has(first + index));
  }
}
