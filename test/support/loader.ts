import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host, Outcome } from './namespaces.ts';
import type { Rendered } from './rendered.ts';
import { runIn } from './run-in.ts';

/** Runs the loader with folders of its own in place of the machine's, so that whatever it leaves there is its own. */
export class Loader {
  readonly #host: Host;
  readonly #rendered: Rendered;
  readonly #folder = mkdtempSync(join(tmpdir(), 'nettune-case-'));

  constructor(host: Host, rendered: Rendered) {
    this.#host = host;
    this.#rendered = rendered;
    for (const name of ['run', 'lib', 'cache', 'tmp']) mkdirSync(join(this.#folder, name));
  }

  run(task: 'load' | 'unload'): Promise<Outcome> {
    const mounts =
      'mount --bind "$0/run" /run && mount --bind "$0/lib" /var/lib && mount --bind "$0/cache" /var/cache && exec sh "$@"';
    return runIn(this.#host, ['sh', '-c', mounts, this.#folder, ...this.#rendered.command(task)], {
      hasOwnMounts: true,
      environment: { TMPDIR: join(this.#folder, 'tmp'), NETTUNE_CASE: this.#mark },
    });
  }

  get #mark(): string {
    return this.#host.namespace;
  }

  /** Namespaces, temporary files and processes: these are known by their environment. */
  leftBehind(): string[] {
    const list = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);
    return [
      ...list(join(this.#folder, 'run/netns')).map((name) => `namespace ${name}`),
      ...list(join(this.#folder, 'tmp')).map((name) => `file ${name}`),
      ...[...this.processes().values()].map((command) => `process ${command}`),
    ];
  }

  /** What runs of it, by the id of the process. */
  processes(): Map<number, string> {
    const ours = readdirSync('/proc').filter((id) => /^\d+$/.test(id) && this.#isOurs(id));
    return new Map(ours.map((id) => [Number(id), readProc(id, 'cmdline').replaceAll('\0', ' ')]));
  }

  #isOurs(id: string): boolean {
    return readProc(id, 'environ').split('\0').includes(`NETTUNE_CASE=${this.#mark}`);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Processes end while they are looked at. */
function readProc(id: string, file: string): string {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
