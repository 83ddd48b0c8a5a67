import { type ChildProcess, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Filter } from '../../src/rules/packet-tool.ts';
import type { Host, Outcome } from './namespaces.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/nettune.cjs', import.meta.url));

/** A profile's artifacts in a folder of their own, written by the program as it is shipped. */
export class Rendered {
  readonly name: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'nettune-rendered-'));
  readonly #holders = new Map<Host, ChildProcess>();

  constructor(name: string, profile: string) {
    this.name = name;
    const file = join(this.#folder, 'profile.yaml');
    writeFileSync(file, `name: ${name}\n${profile}`);
    execFileSync(process.execPath, [PROGRAM, 'render', file, '-o', this.#folder], { stdio: 'pipe' });
  }

  /** An artifact's place on this machine; `path` is its place on the host. */
  at(path: string): string {
    return join(this.#folder, this.name, path);
  }

  /** Where everything lies that was rendered. */
  get folder(): string {
    return this.#folder;
  }

  /** The host program as it was rendered. */
  get program(): string {
    return join(this.#folder, 'nettune-host');
  }

  /** Where the packet rules lie. */
  get rulesFolder(): string {
    return this.at(`etc/nettune/${this.name}`);
  }

  /** The words behind `sh` that have the host program do something with these packet rules. */
  command(task: string): string[] {
    return [this.program, 'rules', task, this.rulesFolder];
  }

  /** The same for their lease. */
  leaseCommand(task: string): string[] {
    return [this.program, 'lease', task, this.rulesFolder];
  }

  /** The same for their guard. */
  guardCommand(task: string): string[] {
    return [this.program, 'guard', task, this.rulesFolder];
  }

  /** Has the program load them on a host, or something else. What is loaded is held as the guard would hold it, until it is unloaded. */
  rules(host: Host, task: 'load' | 'unload' | 'status' | 'reasons', shell: readonly string[] = ['sh']): Outcome {
    if (task === 'load' || task === 'unload') this.letGo(host);
    const [program = 'sh', ...args] = shell;
    const outcome = host.run(program, [...args, ...this.command(task)]);
    if (task === 'load' && outcome.code === 0) this.hold(host);
    return outcome;
  }

  /** Renews the lease at once, and then each second. Entries of what is open by now go, as long as the guard says so. */
  hold(host: Host): void {
    if (!this.#isLeased()) return;
    host.must('sh', ...this.leaseCommand('renew'));
    this.#holders.set(
      host,
      host.start('sh', '-c', 'while sleep 1 && sh "$@"; do :; done', 'sh', ...this.leaseCommand('renew')),
    );
    host.must('sh', '-c', `echo untracked $$ >/run/nettune-${this.name}.guard; sh ${this.command('forget').join(' ')}`);
  }

  #isLeased(): boolean {
    const unit = this.at(`etc/systemd/system/nettune-${this.name}.service`);
    return existsSync(unit) && readFileSync(unit, 'utf8').includes('guard run');
  }

  letGo(host: Host): void {
    this.#holders.get(host)?.kill('SIGKILL');
    this.#holders.delete(host);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A web server whose ports are untracked. `filter`: what the profile says of the host's packet filter. */
export function webServer(filter: Filter, ports = '[80, 8000-8003]', distribution = 'debian-12'): Rendered {
  return new Rendered(
    'kernel-web',
    `extends: web-server\nhost: { distribution: ${distribution} }\nfirewall: { filter: ${filter} }\ntraffic: { ports: ${ports} }\n`,
  );
}
