import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Host } from './namespaces.ts';
import type { Rendered } from './rendered.ts';

/** What the guard says when it has renewed the lease for the first time, and when it has ended it. */
export const UNTRACKED = 'the served ports are untracked';
export const TRACKED = 'connections are tracked until a new proof';
export const REFUSED = 'not proven: connections stay tracked';

/** The guard of a profile, as its unit runs it, but in a hurry. */
export class Guard {
  readonly #program: ChildProcessWithoutNullStreams;
  #said = '';

  constructor(host: Host, rendered: Rendered) {
    this.#program = host.start(
      'env',
      `PATH=${host.path}`,
      'NETTUNE_QUIET=1',
      'NETTUNE_LONGEST=2',
      'NETTUNE_BETWEEN=4',
      'sh',
      ...rendered.guardCommand('run'),
    );
    this.#program.stderr.on('data', (data: Buffer) => {
      this.#said += data.toString();
    });
  }

  /** Waits until the guard has said this, after what it had said when it was waited for last. */
  async says(text: string, seconds = 60): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!this.#said.includes(text)) {
      if (Date.now() > end) throw new Error(`the guard did not say "${text}", but:\n${this.#said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.#said = this.#said.slice(this.#said.indexOf(text) + text.length);
  }

  /** As somebody would who has no patience: it ends nothing and takes nothing away. */
  kill(): void {
    this.#program.kill('SIGKILL');
  }

  /** As its unit reloads it. */
  look(): void {
    this.#program.kill('SIGHUP');
  }

  /** As its unit stops it. */
  async stop(): Promise<void> {
    this.#program.kill('SIGTERM');
    await this.says('the guard ends');
  }
}
