import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/checks.ts';
import { deriveHost } from '../../src/derive-plan.ts';
import {
  acceptedOn,
  defaultOn,
  defaultValue,
  isWritable,
  moduleOn,
  scopeOn,
  spell,
} from '../../src/parameters/on-kernel.ts';
import type { ParameterRow } from '../../src/parameters/parameter.ts';
import { findParameter, PARAMETERS } from '../../src/parameters/parameters.ts';
import { formatValue } from '../../src/values/format-value.ts';
import type { Machine } from '../../src/values/host.ts';
import { isWithin, parseKernelVersion } from '../../src/values/kernel-version.ts';
import { compileProfile } from '../support/compile-profile.ts';

/** Linux, or Red Hat's kernel of a major release, on 8 GiB. */
function on(kernel: string, redhat?: string): Machine {
  return {
    kernel: parseKernelVersion(kernel),
    ...(redhat ? { redhat } : {}),
    memoryBytes: 8 * 2 ** 30,
    architecture: { name: 'x86_64', bits: 64, pageBytes: 4096 },
  };
}

function row(name: string): ParameterRow {
  const found = findParameter(name);
  if (!found) throw new Error(`no row for ${name}`);
  return found;
}

describe('a parameter by kernel', () => {
  it('has the name that the kernel gives it', () => {
    const timeout = row('net.netfilter.nf_conntrack_udp_timeout');
    expect(spell(timeout, on('2.6.18'))).toBe('net.ipv4.netfilter.ip_conntrack_udp_timeout');
    expect(spell(timeout, on('6.1'))).toBe('net.netfilter.nf_conntrack_udp_timeout');
    expect(spell(row('net.ipv4.tcp_tw_recycle'), on('4.11'))).toBe('net.ipv4.tcp_tw_recycle');
    expect(spell(row('net.ipv4.tcp_tw_recycle'), on('4.12'))).toBeUndefined();
  });

  it('needs the module of its time', () => {
    const modules = ['2.6.18', '3.10', '4.18', '4.19'].map((kernel) =>
      moduleOn(row('net.netfilter.nf_conntrack_udp_timeout'), on(kernel)),
    );
    expect(modules).toEqual(['ip_conntrack', 'nf_conntrack_ipv4', 'nf_conntrack_ipv4', 'nf_conntrack']);
  });

  it('can be set, or only read', () => {
    const buckets = row('net.netfilter.nf_conntrack_buckets');
    expect([isWritable(buckets, on('4.7')), isWritable(buckets, on('4.8'))]).toEqual([false, true]);
    expect(isWritable(row('net.netfilter.nf_conntrack_count'), on('7.2'))).toBe(false);
  });

  it('is found for every interface, and for no other part of a name', () => {
    for (const name of ['all', 'default', 'eth0', 'bond0/100', 'br-lan'])
      expect(row(`net.ipv4.conf.${name}.rp_filter`)).toMatchObject({ name: `net.ipv4.conf.${name}.rp_filter` });
    for (const name of ['net.ipv4.conf..rp_filter', 'net.ipv4.conf.rp_filter', 'net.ipv4.conf.a.b.rp_filter'])
      expect(findParameter(name), name).toBeUndefined();
  });
});

/** Read in the kernels' own sources: 2.6.18-274, 2.6.32-642, 3.10.0-1160, 4.18.0-240 to -553, 5.14.0-70 to -570, 6.12.0-55. */
describe("Red Hat's kernels", () => {
  it('have what was brought back to them', () => {
    expect(spell(row('net.ipv4.ip_local_reserved_ports'), on('2.6.18'))).toBeUndefined();
    expect(spell(row('net.ipv4.ip_local_reserved_ports'), on('2.6.18', '5'))).toBeDefined();
    expect(spell(row('net.core.default_qdisc'), on('2.6.32', '6'))).toBeDefined();
    expect(spell(row('net.ipv4.tcp_notsent_lowat'), on('3.10', '7'))).toBeDefined();
    expect(spell(row('net.ipv4.tcp_tw_recycle'), on('4.18', '8'))).toBeUndefined();
  });

  it('have what a minor release brought, from that one on', () => {
    const events = row('net.netfilter.nf_conntrack_events');
    const bounds = ['9.0', '9.1', '9.6', '9'].map((release) => acceptedOn(events, on('5.14', release)));
    expect(bounds.map((each) => each?.max)).toEqual([1, 2, 2, 2]);
    expect(defaultValue(events, on('5.14', '9'))).toBe(2);
    const flowtable = row('net.netfilter.nf_flowtable_tcp_timeout');
    const there = ['8.1', '8.3', '8.4', '8'].map((release) => spell(flowtable, on('4.18', release)) !== undefined);
    expect(there).toEqual([false, false, true, true]);
    const timeout = row('net.netfilter.nf_conntrack_udp_timeout');
    const modules = ['8.1', '8.3', '8.9', '8'].map((release) => moduleOn(timeout, on('4.18', release)));
    expect(modules).toEqual(['nf_conntrack_ipv4', 'nf_conntrack', 'nf_conntrack', 'nf_conntrack']);
  });

  it('have the table of 5.15 from 9.0 on', () => {
    for (const release of ['9.0', '9.3', '9']) {
      expect(defaultValue(row('nf_conntrack hashsize'), on('5.14', release))).toBe(262144);
      expect(defaultValue(row('net.netfilter.nf_conntrack_max'), on('5.14', release))).toBe(262144);
    }
    expect(defaultValue(row('nf_conntrack hashsize'), on('5.12'))).toBe(65536);
  });

  it('have a smaller TCP buffer below 1 GiB on release 6', () => {
    const most = (memoryMiB: number, redhat?: string) => {
      const value = defaultValue(row('net.ipv4.tcp_rmem'), {
        ...on('2.6.32', redhat),
        memoryBytes: memoryMiB * 2 ** 20,
      });
      return [value].flat().at(-1);
    };
    expect([128, 512, 1024, 8192].map((memory) => most(memory, '6'))).toEqual([2 ** 18, 2 ** 21, 2 ** 22, 2 ** 22]);
    expect(most(512)).toBe(2 ** 22);
  });

  it('differ in bounds, defaults, modules and scope', () => {
    expect(acceptedOn(row('net.core.somaxconn'), on('3.10', '7'))).toEqual({ min: 0, max: 65535 });
    expect(defaultValue(row('net.core.rmem_max'), on('2.6.32', '6'))).toBe(124928);
    expect(defaultValue(row('net.ipv4.ip_local_port_range'), on('3.10'))).toEqual([32768, 61000]);
    expect(defaultValue(row('net.ipv4.ip_local_port_range'), on('3.10', '7'))).toEqual([32768, 60999]);
    expect(defaultValue(row('net.netfilter.nf_conntrack_max'), on('3.10', '7'))).toBe(262144);
    expect(moduleOn(row('net.netfilter.nf_conntrack_udp_timeout'), on('4.18', '8'))).toBe('nf_conntrack');
    expect(scopeOn(row('net.ipv4.tcp_keepalive_time'), on('3.10', '7'))).toBe('namespace');
  });
});

/** Pinned in the histories of the series, and read in Debian's packages. */
describe('a stable series', () => {
  const bounds = (name: string, kernel: string) => {
    const { min, max } = acceptedOn(row(name), on(kernel)) ?? {};
    return `${min} to ${max}`;
  };

  it.each`
    name                                       | mainline  | series    | before        | after
    ${'net.netfilter.nf_conntrack_max'}        | ${'5.3'}  | ${'5.4'}  | ${'5.4.293'}  | ${'5.4.294'}
    ${'net.netfilter.nf_conntrack_max'}        | ${'5.7'}  | ${'5.10'} | ${'5.10.237'} | ${'5.10.238'}
    ${'net.netfilter.nf_conntrack_expect_max'} | ${'5.12'} | ${'5.15'} | ${'5.15.184'} | ${'5.15.185'}
    ${'net.netfilter.nf_conntrack_expect_max'} | ${'6.2'}  | ${'6.6'}  | ${'6.6.92'}   | ${'6.6.93'}
    ${'net.core.netdev_budget_usecs'}          | ${'6.0'}  | ${'6.1'}  | ${'6.1.129'}  | ${'6.1.130'}
    ${'net.ipv4.tcp_rmem'}                     | ${'6.0'}  | ${'6.1'}  | ${'6.1.187'}  | ${'6.1.190'}
    ${'net.ipv4.tcp_rmem'}                     | ${'6.9'}  | ${'6.12'} | ${'6.12.111'} | ${'6.12.113'}
    ${'net.ipv4.tcp_sack'}                     | ${'5.7'}  | ${'5.10'} | ${'5.10.177'} | ${'5.10.178'}
  `(
    'brings bounds of $name in $after, and without a patch level has them',
    ({ name, mainline, series, before, after }) => {
      expect(bounds(name, before)).toBe(bounds(name, mainline));
      expect(bounds(name, after)).not.toBe(bounds(name, before));
      expect(bounds(name, series)).toBe(bounds(name, after));
    },
  );

  it("holds for no kernel of Red Hat's", () => {
    expect(acceptedOn(row('net.core.netdev_budget_usecs'), on('6.12', '10'))?.min).toBe(0);
    expect(acceptedOn(row('net.core.netdev_budget_usecs'), on('6.12'))?.min).toBe(2000);
  });
});

it('has the larger default of both sides on a kernel that nobody has read', () => {
  expect(defaultValue(row('net.core.rmem_max'), on('6.16'))).toBe(4 * 2 ** 20);
  expect(defaultValue(row('net.core.rmem_max'), on('6.14'))).toBe(212992);
  expect(defaultValue(row('net.ipv4.tcp_rmem'), on('6.16'))).toEqual([4096, 131072, 32 * 2 ** 20]);
  expect(defaultValue(row('net.core.somaxconn'), on('5.1'))).toBe(128);
});

/** Every era of which facts are known. */
const KERNELS = [
  '2.6.18',
  '2.6.32',
  '3.10',
  '4.4',
  '4.12',
  '4.18',
  '4.19',
  '5.4',
  '5.14',
  '6.1',
  '6.12',
  '6.18',
  '7.2',
];

describe.each(PARAMETERS)('$name', (each) => {
  it('has at most one fact of a kind for each kernel', () => {
    for (const facts of [each.accepts, each.defaults, each.modules, each.scope, each.formerNames])
      for (const kernel of KERNELS.map(parseKernelVersion))
        expect((facts ?? []).filter((fact) => isWithin(kernel, fact)).length).toBeLessThan(2);
  });

  it('says whose it is, what is taken and what the default is, wherever it can be set', () => {
    const kernels = KERNELS.map((kernel) => on(kernel)).filter(
      (target) => spell(each, target) && isWritable(each, target),
    );
    for (const target of each.kind === 'sysctl' ? kernels : []) {
      expect(scopeOn(each, target)).toBeDefined();
      expect(defaultOn(each, target)).toBeDefined();
      expect(acceptedOn(each, target) === undefined).toBe(each.words !== undefined);
    }
  });

  it('has a default that its own bounds allow', () => {
    for (const kernel of KERNELS) {
      const bounds = acceptedOn(each, on(kernel));
      const value = defaultValue(each, on(kernel));
      if (!bounds || value === undefined || typeof value === 'string') continue;
      for (const number of [value].flat()) {
        expect(number).toBeGreaterThanOrEqual(bounds.min);
        expect(number).toBeLessThanOrEqual(bounds.max);
      }
    }
  });
});

const HOSTS = [
  ...KERNELS.map((kernel) => ({ kernel, distribution: 'debian-12' })),
  ...['centos-5', 'centos-6', 'centos-7', 'centos-8'].map((distribution) => ({ distribution })),
];

/** What a profile may not set whatever it allows. */
const MANDATORY = CHECKS.filter(({ mandatory }) => mandatory).map(({ id }) => id);

describe('what a kernel has by default', () => {
  it.each(HOSTS)('is nothing that a profile is forbidden to set: %j', (each) => {
    const profile = { name: 'shop', role: 'squid-proxy', host: { ...each, memory: '8GiB' } } as const;
    const host = deriveHost(profile);
    const rows = PARAMETERS.filter((row) => row.kind === 'sysctl' && isWritable(row, host));
    const defaults = rows.flatMap((row) => {
      const [name, value] = [spell(row, host)?.replace('*', 'eth0'), defaultValue(row, host)];
      return name && value !== undefined && value !== '' ? [[name, formatValue(value)] as const] : [];
    });
    expect(defaults.length).toBeGreaterThan(50);
    const sysctl = Object.fromEntries(defaults.map(([name, value]) => [name, { value, because: 'the default' }]));
    const { problems } = compileProfile({ ...profile, sysctl });
    expect(problems.filter(({ id }) => MANDATORY.includes(id)).map(({ message }) => message)).toEqual([]);
  });
});
