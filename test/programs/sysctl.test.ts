import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatValue } from '../../src/values/format-value.ts';
import { arbitraryProfile, hostileText } from '../support/arbitrary-profile.ts';
import { CHECKOUT, nettune } from '../support/cli.ts';
import { compileProfile } from '../support/compile-profile.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** What belongs to the whole machine: a namespace can read it at most. Everything else a namespace holds. */
const OF_THE_MACHINE = /nf_conntrack_(max|buckets)|gc_thresh|netdev_max_backlog|nr_open/;

/** A network namespace with the devices that random profiles name. */
const DEVICES = 'for device in eth0 eth0.100 wan-1; do ip link add "$device" type veth; done;';

/** Between 3.9 and 5.12 a namespace could write these for the whole machine: never try there. */
beforeAll(() => {
  const { stdout } = spawnSync('unshare', ['-n', 'stat', '-c', '%a', '/proc/sys/net/netfilter/nf_conntrack_max'], {
    encoding: 'utf8',
  });
  expect(stdout.trim()).toBe('444');
});

function rendered(role: string): string {
  const folder = temporaryFolder();
  expect(nettune(['render', join(CHECKOUT, `profiles/${role}.yaml`), '-o', folder]).code).toBe(0);
  return join(folder, role, 'etc/sysctl.d', `90-nettune-${role}.conf`);
}

describe.each(['web-server', 'squid-proxy', 'nat-gateway'])('the sysctl file of %s', (role) => {
  it('is read by sysctl -p, in a network namespace of its own, without a complaint about its syntax or its values', () => {
    const { stdout, stderr } = spawnSync('unshare', ['-n', 'sysctl', '-p', rendered(role)], { encoding: 'utf8' });
    const complaints = stderr.split('\n').filter((line) => line !== '' && !OF_THE_MACHINE.test(line));
    expect(complaints).toEqual([]);
    expect(stdout).toContain('net.netfilter.nf_conntrack_tcp_timeout_established = ');
  });

  it('is read by systemd-sysctl, which sets values at boot', () => {
    const { stderr } = spawnSync('unshare', ['-n', '/lib/systemd/systemd-sysctl', rendered(role)], {
      encoding: 'utf8',
    });
    expect(stderr.split('\n').filter((line) => line !== '' && !OF_THE_MACHINE.test(line))).toEqual([]);
  });

  it('comes after the distribution and before the administrator, as systemd-analyze orders them', () => {
    const root = temporaryFolder({
      'usr/lib/sysctl.d/50-default.conf': 'a = 1\n',
      'etc/sysctl.d/99-local.conf': 'a = 3\n',
    });
    mkdirSync(join(root, 'etc/sysctl.d'), { recursive: true });
    nettune(['render', join(CHECKOUT, `profiles/${role}.yaml`), '-o', join(root, 'out')]);
    spawnSync('cp', ['-r', join(root, 'out', role, 'etc'), root]);
    const { stdout } = spawnSync('systemd-analyze', [`--root=${root}`, 'cat-config', 'sysctl.d'], { encoding: 'utf8' });
    const files = [...stdout.matchAll(/^# .*\/(\S+\.conf)$/gm)].map(([, name]) => name);
    expect(files).toEqual(['50-default.conf', `90-nettune-${role}.conf`, '99-local.conf']);
  });
});

it('what sysctl -p sets from the file of any profile is what was decided, as the kernel then shows it', () => {
  const file = join(temporaryFolder(), 'nettune.conf');
  fc.assert(
    fc.property(arbitraryProfile(hostileText), ({ host: { memory }, ...profile }) => {
      // Whose kernel has the names of the one that runs here.
      const host = { distribution: 'debian-12', memory };
      const { compiled, problems } = compileProfile({ ...profile, host });
      fc.pre(problems.every(({ severity }) => severity === 'warning'));
      const content = compiled[0]?.artifacts().find(({ output }) => output === 'sysctl')?.content ?? '';
      // What is not of the network would be set on the machine of the test.
      writeFileSync(file, content.replace(/^fs\..*$/gm, ''));
      const decided = (compiled[0]?.plan.decisions ?? []).filter(
        ({ parameter }) =>
          parameter.startsWith('net.') && !OF_THE_MACHINE.test(parameter) && !parameter.endsWith('congestion_control'),
      );
      const names = decided.map(({ parameter }) => parameter);
      // The tracker has most of them.
      expect(names.length).toBeGreaterThan(profile.conntrack?.tracking === 'none' ? 2 : 3);
      const script = `${DEVICES} sysctl -q -p "$0" 2>/dev/null; sysctl "$@"`;
      const { stdout } = spawnSync('unshare', ['-n', 'sh', '-c', script, file, ...names], { encoding: 'utf8' });
      const shown = stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.replaceAll('\t', ' '));
      expect(shown).toEqual(decided.map(({ parameter, value }) => `${parameter} = ${formatValue(value)}`));
    }),
    { numRuns: 20, maxSkipsPerRun: 1000 },
  );
});

it('a line that sysctl would not understand is seen by these tests', () => {
  const file = rendered('web-server');
  const folder = temporaryFolder({
    'broken.conf': readFileSync(file, 'utf8').replace('tcp_syncookies = 1', 'tcp_syncookies = "1"'),
  });
  const { stderr } = spawnSync('unshare', ['-n', 'sysctl', '-p', join(folder, 'broken.conf')], { encoding: 'utf8' });
  expect(stderr).toContain('tcp_syncookies');
});
