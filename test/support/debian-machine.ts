import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Answer, execute } from './execute.ts';
import { requirePrograms } from './prerequisites.ts';
import { readTree } from './tree.ts';

requirePrograms({
  'qemu-system-x86_64': 'qemu-system-x86',
  mmdebstrap: 'mmdebstrap',
  mke2fs: 'e2fsprogs',
  ssh: 'openssh-client',
  flock: 'util-linux',
  'ansible-playbook': 'ansible-core',
});

const SCRIPTS = fileURLToPath(new URL('debian', import.meta.url));

/**
 * A Debian 12 machine, emulated, with Apache, Squid, and a packet filter as an administrator, Docker and fail2ban leave
 * it. Each one has just booted and is untouched; what is done to it is gone when it stops.
 */
export class DebianMachine {
  readonly #folder = mkdtempSync(join(tmpdir(), 'nettune-machine-'));
  readonly #console = join(this.#folder, 'console');
  readonly #process: ChildProcess;
  /** One connection that is kept open serves all commands. */
  readonly #sshOptions: readonly string[];
  /** The machine as a host of Ansible. */
  readonly inventoryLine: string;

  /** The same for ssh, under another name. */
  readonly sshConfig: (name: string) => string;

  private constructor(built: string, port: number) {
    const config = readFileSync(join(built, 'ssh_config'), 'utf8');
    this.sshConfig = (name) => config.replace('Host machine\n', `Host ${name}\n  Port ${port}\n`);
    this.#sshOptions = ['-F', join(built, 'ssh_config'), '-p', `${port}`, '-S', join(this.#folder, 'connection')];
    this.inventoryLine = `machine ansible_port=${port} ansible_ssh_common_args='-F ${built}/ssh_config'`;
    const options = ['-serial', `file:${this.#console}`, '-incoming', `exec:cat '${built}/memory'`];
    const args = [join(SCRIPTS, 'start.sh'), built, `${port}`, ',snapshot=on', ...options];
    this.#process = spawn('sh', args, { stdio: 'ignore' });
  }

  static async start(): Promise<DebianMachine> {
    const machine = new DebianMachine(await buildOnce(), await findFreePort());
    try {
      await machine.#connect();
    } catch (error) {
      await machine.stop();
      throw error;
    }
    return machine;
  }

  /** Runs a command line of the shell. */
  run(command: string, input?: Uint8Array): Promise<Answer> {
    return execute('ssh', [...this.#sshOptions, 'machine', `exec 2>&1; ${command}`], input);
  }

  /** What a command prints, when it has to succeed. */
  async ask(command: string): Promise<string> {
    const { code, output } = await this.run(command);
    if (code !== 0) throw new Error(`on the machine, ${command} ended with ${code}: ${output}`);
    return output.trim();
  }

  /** Whether a new connection can be made. */
  async isReachable(): Promise<boolean> {
    return (await call('ssh', [...this.#sshOptions, '-S', 'none', 'machine', 'true'])) === 0;
  }

  /** Copies what is in a folder of ours to /root/NAME, with times of its own clock. */
  async send(folder: string, name: string): Promise<void> {
    const unpack = `mkdir -p ${name} && tar -C ${name} -xm`;
    const { code, output } = await execute('sh', [
      ...['-c', 'tar -C "$0" -c . | ssh "$@"', folder],
      ...[...this.#sshOptions, 'machine', unpack],
    ]);
    if (code !== 0) throw new Error(`${folder} was not copied: ${output}`);
  }

  /** Comes back when everything has started again. */
  reboot(): Promise<void> {
    return this.#rebootBy('systemctl reboot');
  }

  /**
   * As when power fails for a moment, at the end of a command: what had not reached the disk is gone. Comes back when
   * everything has started again.
   */
  cutPower(command: string): Promise<void> {
    return this.#rebootBy(`setsid sh -c '${command}; echo b >/proc/sysrq-trigger' >/dev/null 2>&1 &`);
  }

  async #rebootBy(command: string): Promise<void> {
    const which = 'cat /proc/sys/kernel/random/boot_id';
    const before = await this.ask(which);
    await this.run(command);
    do {
      await this.#disconnect();
      await this.#connect();
    } while ((await this.run(which)).output.trim() === before);
    await this.run('systemctl is-system-running --wait');
  }

  /** Comes back when everything is done that systemd has begun: it waits for those units alone that it was told to. */
  async settle(): Promise<void> {
    await this.ask('until [ -z "$(systemctl list-jobs --no-legend)" ]; do sleep 0.2; done');
  }

  async stop(): Promise<void> {
    await this.#disconnect();
    this.#process.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #connect(): Promise<void> {
    const deadline = Date.now() + 300_000;
    while ((await call('ssh', [...this.#sshOptions, '-MNf', 'machine'])) !== 0) {
      if (Date.now() > deadline) throw new Error(`the machine does not answer: ${readFileSync(this.#console)}`);
      await setTimeout(200);
    }
  }

  async #disconnect(): Promise<void> {
    await call('ssh', [...this.#sshOptions, '-O', 'exit', 'machine']);
  }
}

/** Runs a program whose part in the background would keep its output open. */
async function call(program: string, args: readonly string[]): Promise<number | null> {
  const [code] = await once(spawn(program, args, { stdio: 'ignore', timeout: 10_000 }), 'exit');
  return code;
}

/** The folder of the machine from which all others are copied. It is built anew when a script or a file of it changes. */
async function buildOnce(): Promise<string> {
  const hash = createHash('sha256')
    .update(JSON.stringify(readTree(SCRIPTS)))
    .digest('hex');
  const folder = join(tmpdir(), `nettune-debian-12-${hash.slice(0, 12)}`);
  // Of tests that run side by side the first one builds, and the others wait.
  const build = '[ -e "$1/memory" ] || sh "$0" "$@"';
  const args = [join(SCRIPTS, 'build.sh'), folder, await findMirror(), `${await findFreePort()}`];
  const { code, output } = await execute('flock', [`${folder}.lock`, 'sh', '-c', build, ...args]);
  if (code !== 0) throw new Error(`no machine was built: ${output}`);
  return folder;
}

/** Where this machine has its own packages from. */
async function findMirror(): Promise<string> {
  const args = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages', 'Origin: Debian', 'Label: Debian'];
  const { output } = await execute('apt-get', args);
  const [mirror = 'http://deb.debian.org/debian'] = output.split('\n');
  return mirror;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
