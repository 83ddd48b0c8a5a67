import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The two kinds of iptables that a host may have. */
export const BACKENDS = ['nft', 'legacy'] as const;

const PROGRAMS = ['iptables', 'ip6tables'].flatMap((program) => ['', '-save', '-restore'].map((end) => program + end));

/** A folder of programs, and a PATH with it in front. */
export class Programs {
  readonly folder = mkdtempSync(join(tmpdir(), 'nettune-programs-'));
  readonly path: string;

  constructor(behind = process.env['PATH'] ?? '') {
    // The clients of a proof are no superuser.
    chmodSync(this.folder, 0o755);
    this.path = [this.folder, behind].filter(Boolean).join(':');
  }

  /** Makes a program available under a name, which may be another one than its own. */
  link(name: string, program: string): this {
    symlinkSync(realpathSync(find(program)), join(this.folder, name));
    return this;
  }

  /** A program of our own, in the words of sh. */
  write(name: string, script: string): this {
    writeFileSync(join(this.folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return this;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Programs among which `iptables` is of that kind. */
export function backend(kind: (typeof BACKENDS)[number]): Programs {
  const programs = new Programs();
  for (const name of PROGRAMS) programs.link(name, name.replace('tables', `tables-${kind}`));
  return programs;
}

/** What the loader script needs, and the proof that it runs; `ip` is for the test to get in, too. */
const NEEDED =
  'awk bash cat chmod cmp cp cut diff dirname grep head ip mkdir mkfifo modprobe mount mv ' +
  'nsenter readlink rm sed sh sha256sum sleep sort systemd-socket-activate tail tr true uname unshare wc';

/** Nothing but that and iptables of one kind: there is no nft, nor anything for IPv6. */
export function withoutIpv6(kind: (typeof BACKENDS)[number]): Programs {
  const programs = new Programs('');
  for (const name of NEEDED.split(' ')) programs.link(name, name);
  for (const name of ['iptables', 'iptables-save', 'iptables-restore'])
    programs.link(name, name.replace('iptables', `iptables-${kind}`));
  return programs;
}

/** What nft needs instead. */
export function withoutIptables(): Programs {
  const programs = new Programs('');
  for (const name of [...NEEDED.split(' '), 'nft']) programs.link(name, name);
  return programs;
}

/** The shell's own `command -v` would say of some programs that it has them built in. */
function find(program: string): string {
  const folders = (process.env['PATH'] ?? '').split(':');
  const found = folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`there is no program ${program} in PATH`);
  return found;
}
