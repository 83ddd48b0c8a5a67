import { describe, expect, test } from 'vitest';
import { acceptedOn, defaultValue, isWritable, spell } from '../../src/parameters/on-kernel.ts';
import type { ParameterRow } from '../../src/parameters/parameter.ts';
import { PARAMETERS } from '../../src/parameters/parameters.ts';
import { formatValue } from '../../src/values/format-value.ts';
import type { Machine } from '../../src/values/host.ts';
import { parseKernelVersion } from '../../src/values/kernel-version.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { probesOf } from '../support/probes.ts';
import { fetchKernel, runInMachine } from '../support/virtual-machine.ts';

requirePrograms({ 'qemu-system-x86_64': 'qemu-system-x86', busybox: 'busybox-static', 'apt-get': 'apt', dpkg: 'dpkg' });

/** HZ of Debian's kernels. */
const TICKS_PER_SECOND = 250;

/** Debian builds its kernel with another one, as the row says. */
const BUILT_IN = ['net.core.default_qdisc'];

/** A 128th of the memory that is free at boot, which is less than all of it; from 768 MiB on both are at the limit. */
const BY_FREE_MEMORY = ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];

/** As many buckets take 2 GiB. */
const TOO_LARGE = 'net.netfilter.nf_conntrack_buckets';

/** The machine is started with panic=-1, so that it ends instead of waiting. */
const GIVEN = 'kernel.panic';

/** A row of every interface is tried with `all`, unless that has a row of its own. */
const NAMES = PARAMETERS.map(({ name }) => name);
const tried = (name: string) => name.replace('*', NAMES.includes(name.replace('*', 'all')) ? 'default' : 'all');

/** br_netfilter is not loaded there. */
const ROWS = PARAMETERS.filter(({ kind, name }) => kind === 'sysctl' && !name.startsWith('net.bridge.')).map((row) => ({
  ...row,
  name: tried(row.name),
}));

/** At its bounds the machine would halt, or have no memory left. */
const HARMS_MACHINE = /^(vm|kernel)\.|^fs\.(inotify|aio)|rps_sock_flow_entries$/;

const path = (name: string) => `/proc/sys/${name.split('.').join('/')}`;

const probes = (row: ParameterRow, machine: Machine) =>
  probesOf(row, acceptedOn(row, machine), TICKS_PER_SECOND).filter(
    ({ value }) => row.name !== TOO_LARGE || value.length < 9,
  );

const isProbed = (row: ParameterRow, machine: Machine) =>
  spell(row, machine) !== undefined &&
  isWritable(row, machine) &&
  row.words === undefined &&
  !HARMS_MACHINE.test(row.name);

/** Prints `what|name|…` lines: defaults first, then what becomes of each value, then of the table's sizes. */
function script(machine: Machine): string {
  const before = 'echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start';
  return [
    'for each in crc32c_generic libcrc32c nf_defrag_ipv4 nf_defrag_ipv6 nf_conntrack; do insmod /modules/$each.ko; done',
    'echo "memory|$(awk \'/MemTotal/ { print $2 }\' /proc/meminfo)|"',
    ...ROWS.map(
      ({ name }) =>
        `[ -e ${path(name)} ] && echo "default|${name}|$(echo $(cat ${path(name)}))|$(stat -c %a ${path(name)})"`,
    ),
    ...ROWS.filter((row) => isProbed(row, machine)).flatMap((row) => [
      ...(row.name === 'net.ipv4.ip_local_port_range' ? [before] : []),
      ...(row.name === 'net.ipv4.ip_unprivileged_port_start'
        ? ['echo 65535 65535 > /proc/sys/net/ipv4/ip_local_port_range']
        : []),
      ...probes(row, machine).map(
        ({ value }) =>
          `echo ${value} 2>/dev/null > ${path(row.name)} && taken=true || taken=false; echo "probe|${row.name}|${value}|$taken"`,
      ),
    ]),
    'rmmod nf_conntrack; insmod /modules/nf_conntrack.ko hashsize=10000',
    `echo "sized|$(cat ${path('net.netfilter.nf_conntrack_buckets')})|$(cat ${path('net.netfilter.nf_conntrack_max')})"`,
    `echo 20001 > ${path('net.netfilter.nf_conntrack_buckets')}`,
    `echo "resized|$(cat ${path('net.netfilter.nf_conntrack_buckets')})|$(cat ${path('net.netfilter.nf_conntrack_max')})"`,
  ].join('\n');
}

describe.each([256, 1536, 5120])("Debian's kernel with %i MiB", (memoryMiB) => {
  const planned: Machine = {
    kernel: parseKernelVersion(/^[\d.]+/.exec(fetchKernel().version)?.[0] ?? ''),
    memoryBytes: memoryMiB * 2 ** 20,
    architecture: { name: 'x86_64', bits: 64, pageBytes: 4096 },
  };
  const lines = runInMachine(script(planned), memoryMiB)
    .trim()
    .split('\n')
    .map((line) => line.split('|'));
  const found = (what: string) => lines.filter(([kind]) => kind === what).map(([, ...rest]) => rest);
  const machine = { ...planned, memoryBytes: Number(found('memory')[0]?.[0]) * 1024 };
  const defaults = new Map(found('default').map(([name = '', value = '', mode = '']) => [name, { value, mode }]));

  test.each(ROWS)('$name: there, writable and by default as the row says', (row) => {
    const there = defaults.get(row.name);
    expect(there !== undefined).toBe(spell(row, machine) !== undefined);
    if (!there) return;
    expect(there.mode).toBe(isWritable(row, machine) ? '644' : '444');
    const expected = defaultValue(row, machine);
    if (expected === undefined || row.name === GIVEN || BUILT_IN.includes(row.name)) return;
    if (BY_FREE_MEMORY.includes(row.name) && memoryMiB < 768) return;
    expect(there.value).toBe(formatValue(expected));
  });

  test.each(ROWS.filter((row) => isProbed(row, machine)))(
    '$name: the bounds of the row are those of the kernel',
    (row) => {
      const answers = found('probe').filter(([name]) => name === row.name);
      expect(answers.map(([, value, taken]) => ({ value, isTaken: taken === 'true' }))).toEqual(probes(row, machine));
    },
  );

  test('hashsize alone makes 8 times as many entries, and buckets fill pages', () => {
    expect(found('sized')).toEqual([['10240', '81920']]);
    expect(found('resized')).toEqual([['20480', '81920']]);
  });
});
