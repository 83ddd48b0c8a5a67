import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Profile } from '../../generated/profile.ts';
import { deriveHost } from '../../src/derive-plan.ts';
import { packageOf } from '../../src/parameters/extra-modules.ts';
import { defaultValue } from '../../src/parameters/on-kernel.ts';
import { findParameter, PARAMETERS } from '../../src/parameters/parameters.ts';
import { nearestWord, wordsIn, wordsOn } from '../../src/parameters/words.ts';
import type { KernelBuild } from '../../src/values/host.ts';
import { parseKernelVersion } from '../../src/values/kernel-version.ts';
import { CHECKOUT } from '../support/cli.ts';
import { compileProfile } from '../support/compile-profile.ts';
import { temporaryFolder } from '../support/temporary.ts';

const BECAUSE = 'tried under load';

const ALLOWED = 'net.ipv4.tcp_allowed_congestion_control';
const CONTROL = 'net.ipv4.tcp_congestion_control';
const QDISC = 'net.core.default_qdisc';

const SHOP: Profile = { name: 'shop', role: 'web-server', host: { distribution: 'debian-12', memory: '4GiB' } };

/** What is rendered for a web server with these kernel parameters, by the path of each file. */
function render(sysctl: Readonly<Record<string, string | number>>, more: object = {}) {
  const { compiled, problems } = compileProfile({
    ...SHOP,
    sysctl: Object.fromEntries(Object.entries(sysctl).map(([name, value]) => [name, { value, because: BECAUSE }])),
    ...more,
  } as Profile);
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const artifacts = compiled.flatMap((each) => each.artifacts());
  return (path: string) => artifacts.find((each) => each.path.endsWith(path))?.content;
}

const linesOf = (text = '') => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

const moduleLines = (plan = '') => linesOf(plan).flatMap((line) => /^module (.*)/.exec(line)?.[1] ?? []);

describe('a module that a parameter needs', () => {
  it('is loaded at boot, and by the host program before any value is set', () => {
    const file = render({ [CONTROL]: 'bbr', [QDISC]: 'fq', 'net.bridge.bridge-nf-call-iptables': 0 });
    expect(linesOf(file('etc/modules-load.d/nettune-shop.conf'))).toEqual([
      'nf_conntrack',
      'br_netfilter',
      'sch_fq',
      'tcp_bbr',
    ]);
    const plan = linesOf(file('shop/plan'));
    expect(moduleLines(file('shop/plan'))).toEqual(['nf_conntrack', 'br_netfilter', 'sch_fq', 'tcp_bbr']);
    const isModule = plan.map((line) => line.startsWith('module '));
    expect(isModule.lastIndexOf(true)).toBeLessThan(plan.findIndex((line) => line.startsWith('value ')));
  });

  it('is loaded for each name in a list, which has one order', () => {
    const file = render({ [ALLOWED]: 'reno htcp  cubic bbr htcp' });
    expect(moduleLines(file('shop/plan'))).toEqual(['nf_conntrack', 'tcp_cubic', 'tcp_bbr', 'tcp_htcp']);
    expect(file('shop/plan')).toContain(`value ${ALLOWED} bbr cubic htcp reno\n`);
  });

  it('may print its names in any order, and is read back in that of the plan', () => {
    const values = join(CHECKOUT, 'templates/host/parts/values.sh');
    const printed = join(temporaryFolder({ printed: 'reno htcp cubic bbr\n' }), 'printed');
    const script = '. "$1"; path_of() { echo "$printed"; }; read_value "$2"';
    const read = (name: string) =>
      spawnSync('sh', ['-c', script, 'sh', values, name], { encoding: 'utf8', env: { ...process.env, printed } })
        .stdout;
    expect(read(ALLOWED)).toBe('bbr cubic htcp reno\n');
    expect(read('net.ipv4.tcp_rmem')).toBe('reno htcp cubic bbr\n');
  });

  it('is loaded by a script where there is no systemd, and again by the init script', () => {
    const host = { distribution: 'centos-6', memory: '4GiB' };
    const file = render({ [CONTROL]: 'htcp' }, { host, apache: { mpm: 'prefork' } });
    const loads = ['modprobe nf_conntrack', 'modprobe nf_conntrack_ipv4', 'modprobe tcp_htcp'];
    expect(linesOf(file('etc/sysconfig/modules/nettune-shop.modules'))).toEqual(loads);
    expect(file('etc/rc.d/init.d/nettune-shop')).toContain('modprobe tcp_htcp || result=1');
  });

  it('is loaded where nothing is tracked, and the tracker is not', () => {
    const conntrack = { tracking: 'none' };
    const file = render({ [CONTROL]: 'bbr' }, { conntrack });
    expect(linesOf(file('etc/modules-load.d/nettune-shop.conf'))).toEqual(['tcp_bbr']);
    expect(file('etc/udev/rules.d/90-nettune-shop.rules')).toBeUndefined();
    expect(render({}, { conntrack })('etc/modules-load.d/nettune-shop.conf')).toBeUndefined();
  });

  it('has the keys that it brings set again when it is loaded again', () => {
    const rules = render({ 'net.bridge.bridge-nf-call-iptables': 0 })('etc/udev/rules.d/90-nettune-shop.rules');
    expect(rules).toMatch(/KERNEL=="br_netfilter".* --prefix=\/net\/bridge"/);
    expect(rules).toMatch(/KERNEL=="nf_conntrack".* --prefix=\/net\/netfilter"/);
  });

  it('is none that comes with the network, or that offers something to it', () => {
    const allow = [{ check: 'parameter-is-known', because: BECAUSE }];
    const file = render({ 'net.ipv6.conf.all.accept_ra': 0, 'net.sctp.rto_min': 200 }, { allow });
    expect(moduleLines(file('shop/plan'))).toEqual(['nf_conntrack']);
  });

  it('is that of a key that the catalogue lacks, where its folder tells', () => {
    const allow = [{ check: 'parameter-is-known', because: BECAUSE }];
    const file = render({ 'net.bridge.bridge-nf-filter-vlan-tagged': 1 }, { allow });
    expect(moduleLines(file('shop/plan'))).toContain('br_netfilter');
  });

  it('comes with a package of its own on Red Hat', () => {
    const on = (distribution: string) => deriveHost({ ...SHOP, host: { distribution, memory: '4GiB' } });
    expect(packageOf('br_netfilter', on('rhel-10'))).toBe('kernel-modules-extra');
    expect(packageOf('br_netfilter', on('rhel-9'))).toBeUndefined();
    expect(packageOf('tcp_htcp', on('rhel-8'))).toBe('kernel-modules-extra');
    expect(packageOf('tcp_bbr', on('rhel-8'))).toBeUndefined();
    expect(packageOf('tcp_htcp', on('debian-12'))).toBeUndefined();
  });
});

describe('words', () => {
  const build = (kernel: string, redhat?: string): KernelBuild => ({
    kernel: parseKernelVersion(kernel),
    ...(redhat ? { redhat } : {}),
  });
  const has = (name: string, word: string, on: KernelBuild) => {
    const row = findParameter(name);
    return row !== undefined && wordsOn(row, on).some((each) => each.word === word);
  };

  /** The last release without, and the first one with it; both were read, but for those that the row calls uncertain. */
  it.each([
    [CONTROL, 'bbr', '4.8', '4.9'],
    [CONTROL, 'nv', '4.7', '4.8'],
    [CONTROL, 'cdg', '4.1', '4.2'],
    [CONTROL, 'dctcp', '3.16', '3.18'],
    [CONTROL, 'illinois', '2.6.21', '2.6.22'],
    [CONTROL, 'yeah', '2.6.21', '2.6.22'],
    [QDISC, 'fq', '3.11', '3.13'],
    [QDISC, 'pie', '3.13', '3.14'],
    [QDISC, 'hhf', '3.13', '3.14'],
    [QDISC, 'cake', '4.18', '4.19'],
    [QDISC, 'fq_pie', '5.4', '5.6'],
    [QDISC, 'dualpi2', '6.14', '6.17'],
  ])('%s: %s is not in %s, and is in %s', (name, word, without, since) => {
    expect([has(name, word, build(without)), has(name, word, build(since))]).toEqual([false, true]);
  });

  it("are those that Red Hat's kernels were built with", () => {
    expect(['3.10', '4.18', '5.14'].map((kernel, index) => has(QDISC, 'fq', build(kernel, `${7 + index}`)))).toEqual([
      true,
      true,
      true,
    ]);
    expect([has(CONTROL, 'bbr', build('3.10', '7')), has(CONTROL, 'bbr', build('4.18', '8'))]).toEqual([false, true]);
    expect([has(CONTROL, 'dctcp', build('3.10', '7')), has(CONTROL, 'dctcp', build('3.10'))]).toEqual([true, false]);
    expect([has(CONTROL, 'cdg', build('4.18', '8')), has(CONTROL, 'cdg', build('4.18'))]).toEqual([false, true]);
    expect(['9.3', '9.4', '9', '10'].map((release) => has(CONTROL, 'illinois', build('5.14', release)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it.each([
    ['FQ', 'fq'],
    [' fq ', 'fq'],
    ['fq_codel\t', 'fq_codel'],
    ['fq-codel', 'fq_codel'],
    ['fq_cobalt', 'fq_codel'],
    ['htb', undefined],
    ['', undefined],
    ['x'.repeat(100_000), undefined],
  ])('%j is near to %j', (written, word) => {
    const row = findParameter(QDISC);
    expect(row && nearestWord(written, row)).toBe(word);
  });

  it.each(PARAMETERS.filter(({ type }) => type === 'word' || type === 'words'))('of $name have its default', (row) => {
    const known = row.words?.map(({ word }) => word) ?? [];
    expect(known.length).toBeGreaterThan(1);
    expect(known).toEqual([...new Set(known)]);
    for (const kernel of ['2.6.18', '3.12', '6.1', '7.2']) {
      const machine = { ...deriveHost(SHOP), ...build(kernel) };
      const standard = defaultValue(row, machine);
      for (const word of standard === undefined ? [] : wordsIn(row, standard))
        expect(wordsOn(row, machine).map((each) => each.word)).toContain(word);
    }
  });
});
