import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatValue } from '../../src/values/format-value.ts';
import { arbitraryProfile, hostileText } from '../support/arbitrary-profile.ts';
import { CHECKOUT, nettune } from '../support/cli.ts';
import { compileProfile } from '../support/compile-profile.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** What modprobe understands a folder of configuration to say of the tracker's own module. */
function readOptions(folder: string): string[] {
  const { stdout, stderr } = spawnSync('modprobe', ['-c', '-C', folder], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => /^(options|install) (nf|ip)_conntrack /.test(line));
}

describe('modprobe', () => {
  it.each([
    ['rhel-7', ['install nf_conntrack /bin/false']],
    ['centos-5', ['install ip_conntrack /bin/false']],
    ['debian-12', []],
  ])('refuses the tracker where it would track everything by being loaded: %s', (distribution, expected) => {
    const { compiled } = compileProfile({
      name: 'shop',
      role: 'web-server',
      host: { distribution, memory: '4GiB' },
      conntrack: { tracking: 'none' },
    });
    const artifact = compiled
      .flatMap(({ artifacts }) => artifacts())
      .find(({ path }) => /\/etc\/(modprobe\.d|sysconfig\/modules)\/.*\.conf$/.test(path));
    expect(readOptions(temporaryFolder({ 'nettune.conf': artifact?.content ?? '' }))).toEqual(expected);
  });

  it('reads the hash size that was decided, whatever texts a profile holds', () => {
    const folder = temporaryFolder();
    fc.assert(
      fc.property(arbitraryProfile(hostileText), (profile) => {
        const { compiled } = compileProfile({ ...profile, conntrack: { ...profile.conntrack, tracking: 'in-use' } });
        const artifact = compiled
          .flatMap(({ artifacts }) => artifacts())
          .find(({ path }) => /\/etc\/(modprobe\.d|sysconfig\/modules)\/.*\.conf$/.test(path));
        writeFileSync(join(folder, 'nettune.conf'), artifact?.content ?? '');
        const decided = compiled[0]?.plan.decisions.find(({ parameter }) => parameter.endsWith(' hashsize'));
        expect(readOptions(folder)).toEqual([`options ${decided?.spelling}=${formatValue(decided?.value ?? '')}`]);
      }),
      { numRuns: 150 },
    );
  });

  it('would see an option with a comment behind it: the reason stands on a line of its own', () => {
    const folder = temporaryFolder({ 'wrong.conf': 'options nf_conntrack hashsize=1024 # reason\n' });
    expect(readOptions(folder)).toEqual(['options nf_conntrack hashsize=1024 # reason']);
  });
});

describe('udev', () => {
  /** Rules are read from fixed folders: a mount namespace of its own puts ours there, and nothing else. */
  it('runs systemd-sysctl for the conntrack keys when the module appears', () => {
    const folder = temporaryFolder();
    nettune(['render', join(CHECKOUT, 'profiles/web-server.yaml'), '-o', folder]);
    const script =
      'mount -t tmpfs none /usr/lib/udev/rules.d && mount -t tmpfs none /etc/udev/rules.d && cp "$0"/*.rules /etc/udev/rules.d/ && udevadm test --action=add /sys/module/nf_conntrack';
    const rules = join(folder, 'web-server/etc/udev/rules.d');
    const { stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', script, rules], { encoding: 'utf8' });
    expect(stdout + stderr).toContain("run: '/lib/systemd/systemd-sysctl --prefix=/net/netfilter'");
    expect(stderr.split('\n').filter((line) => line.includes('90-nettune'))).toHaveLength(2); // that it is read, and what it runs
  });
});

describe('modules-load.d', () => {
  it('names the module on a line of its own, as systemd lists it', () => {
    const root = temporaryFolder();
    nettune(['render', join(CHECKOUT, 'profiles/web-server.yaml'), '-o', join(root, 'out')]);
    const file = 'etc/modules-load.d/nettune-web-server.conf';
    mkdirSync(dirname(join(root, file)), { recursive: true });
    copyFileSync(join(root, 'out/web-server', file), join(root, file));
    const { stdout } = spawnSync('systemd-analyze', [`--root=${root}`, 'cat-config', 'modules-load.d'], {
      encoding: 'utf8',
    });
    expect(stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual(['nf_conntrack']);
  });
});
