import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** Modules of the connection tracker, in the order in which they need each other. */
const MODULES = [
  'crypto/crc32c_generic',
  'lib/libcrc32c',
  'net/ipv4/netfilter/nf_defrag_ipv4',
  'net/ipv6/netfilter/nf_defrag_ipv6',
  'net/netfilter/nf_conntrack',
];

/**
 * Boots Debian's kernel, emulated, with nothing but busybox, runs `script` there with the modules of the tracker in
 * /modules, and gives back what it prints. Whatever the script does to that machine, this one does not notice.
 */
export function runInMachine(script: string, memoryMiB: number): string {
  const kernel = fetchKernel();
  const folder = mkdtempSync(join(tmpdir(), 'nettune-boot-'));
  try {
    const initramfs = packInitramfs(join(folder, 'root'), kernel, script);
    const { stdout, status, error } = spawnSync(
      'qemu-system-x86_64',
      [
        ...['-accel', 'tcg,thread=multi', '-smp', '1', '-m', `${memoryMiB}`, '-nographic', '-no-reboot'],
        ...['-kernel', kernel.image, '-initrd', initramfs, '-append', 'console=ttyS0 quiet panic=-1'],
      ],
      { timeout: 120_000, maxBuffer: 2 ** 26, input: '' },
    );
    const [, printed] = /BEGIN\r?\n([\s\S]*)END\r?\n/.exec(String(stdout)) ?? [];
    if (status !== 0 || printed === undefined)
      throw new Error(`the machine did not finish (is /bin/busybox that of busybox-static?): ${error ?? stdout}`);
    return printed.replaceAll('\r', '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Kernel {
  /** As Debian counts: that of the stable series, and its own revision. */
  readonly version: string;
  readonly image: string;
  readonly modules: string;
}

/** Debian's kernel of today, unpacked and not installed; kept for the next run. */
export function fetchKernel(): Kernel {
  const depends = must('apt-cache', ['depends', 'linux-image-amd64']);
  const [, name = ''] = /Depends: (linux-image-\S+)/.exec(depends) ?? [];
  const version = must('apt-cache', ['policy', name]).match(/Candidate: (\S+)/)?.[1] ?? '';
  const kept = join(tmpdir(), `nettune-${name}-${version.replace(/[^\w.+-]/g, '_')}`);
  if (!existsSync(kept)) unpack(name, kept);
  const release = name.replace('linux-image-', '');
  return {
    version,
    image: join(kept, `boot/vmlinuz-${release}`),
    modules: join(kept, `lib/modules/${release}/kernel`),
  };
}

function unpack(name: string, folder: string): void {
  const work = mkdtempSync(join(tmpdir(), 'nettune-kernel-'));
  must('apt-get', ['download', '-qq', name], work);
  const archive = readdirSync(work).find((file) => file.endsWith('.deb')) ?? '';
  must('dpkg', ['-x', archive, 'root'], work);
  renameSync(join(work, 'root'), folder);
  rmSync(work, { recursive: true });
}

function packInitramfs(root: string, { modules }: Kernel, script: string): string {
  for (const folder of ['bin', 'dev', 'proc', 'sys', 'modules']) mkdirSync(join(root, folder), { recursive: true });
  copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
  for (const module of MODULES)
    copyFileSync(join(modules, `${module}.ko`), join(root, 'modules', `${basename(module)}.ko`));
  writeFileSync(join(root, 'init'), `${INIT}${script}\necho END\npoweroff -f\n`);
  chmodSync(join(root, 'init'), 0o755);
  const packed = spawnSync('sh', ['-c', 'find . | busybox cpio -o -H newc'], { cwd: root, maxBuffer: 2 ** 28 });
  writeFileSync(`${root}.cpio`, packed.stdout);
  return `${root}.cpio`;
}

const INIT = `#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t devtmpfs none /dev
mount -t proc none /proc
mount -t sysfs none /sys
dmesg -n 1
echo BEGIN
`;

function must(program: string, args: readonly string[], cwd = tmpdir()): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return String(stdout);
}
