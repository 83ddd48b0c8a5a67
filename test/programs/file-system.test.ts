import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { PROGRAM } from '../support/cli.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { temporaryFolder } from '../support/temporary.ts';

requirePrograms({ unshare: 'util-linux', mount: 'mount' });

it.each([['out'], ['out/a/b']])(
  'a file system that is read-only is called so, whatever is missing on it: %s',
  (folder) => {
    const cwd = temporaryFolder({ 'profiles/shop.yaml': 'name: shop\nextends: web-server\n' });
    const script = 'mkdir out && mount -t tmpfs -o ro none out && exec "$0" "$1" render -o "$2"';
    const { status, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', script, process.execPath, PROGRAM, folder], {
      cwd,
    });
    expect(`${stderr}`).toContain('cannot be written: the file system is read-only');
    expect(status).toBe(2);
  },
);

it('a disk that is full is called so, and nothing is left on it, no folder either', () => {
  const cwd = temporaryFolder({ 'profiles/shop.yaml': 'name: shop\nextends: web-server\n' });
  const script = 'mkdir out && mount -t tmpfs -o size=200k none out && { "$0" "$1" render; echo "exit $?"; find out; }';
  const { stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', script, process.execPath, PROGRAM], {
    cwd,
    encoding: 'utf8',
  });
  expect(stderr).toContain('cannot be written: the disk is full');
  expect(stdout).toBe('exit 2\nout\n');
});
