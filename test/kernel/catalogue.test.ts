import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { release, totalmem } from 'node:os';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findLikelyName } from '../../src/parameters/likely-name.ts';
import { acceptedOn, defaultValue, isWritable, scopeOn, spell } from '../../src/parameters/on-kernel.ts';
import type { ParameterRow } from '../../src/parameters/parameter.ts';
import { FAMILIES, findParameter } from '../../src/parameters/parameters.ts';
import { formatValue } from '../../src/values/format-value.ts';
import type { Machine } from '../../src/values/host.ts';
import { isWithin, parseKernelVersion } from '../../src/values/kernel-version.ts';
import { type Host, Network } from '../support/namespaces.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { type Probe, probesOf } from '../support/probes.ts';

requirePrograms({ ip: 'iproute2' });

/** The kernel that runs here. Its own memory is a little less than the machine's; no default here is that close to a step. */
const RUNNING: Machine = {
  kernel: parseKernelVersion(/^\d+\.\d+(\.\d+)?/.exec(release())?.[0] ?? ''),
  memoryBytes: totalmem(),
  architecture: { name: 'x86_64', bits: 64, pageBytes: 4096 },
};

/** Interfaces of a new namespace that stand for the `*` of a name. */
const INTERFACES = ['all', 'default', 'lo'];

/** What has to be set before the whole range is taken: the two bound each other. */
const BEFORE: Readonly<Record<string, readonly [name: string, value: string][]>> = {
  'net.ipv4.ip_local_port_range': [['net.ipv4.ip_unprivileged_port_start', '0']],
  'net.ipv4.ip_unprivileged_port_start': [['net.ipv4.ip_local_port_range', '65535 65535']],
};

const SYSCTLS = FAMILIES.flatMap(({ rows }) => rows).filter(({ kind }) => kind === 'sysctl');

const OPTIONS = FAMILIES.flatMap(({ rows }) => rows).filter(({ kind }) => kind === 'module-option');

/** What a namespace has of its own: only there anything is written. */
const isOwn = (row: ParameterRow) => scopeOn(row, RUNNING) === 'namespace' && isWritable(row, RUNNING);

/** What the running kernel was built with. */
const CONFIG = existsSync('/proc/config.gz')
  ? String(gunzipSync(readFileSync('/proc/config.gz')))
  : readFileSync(`/boot/config-${release()}`, 'utf8');

const isBuilt = ({ builtWith }: ParameterRow) =>
  builtWith === undefined || new RegExp(`^${builtWith}=[my]$`, 'm').test(CONFIG);

const isThere = (row: ParameterRow) => spell(row, RUNNING) !== undefined && isBuilt(row);

/** What the kernel makes of a value that it takes; another one is read back as it was written. */
const KEPT_AS: readonly { readonly names: RegExp; readonly kept: (value: string) => string }[] = [
  { names: /^net\.bridge\./, kept: (value) => (value === '0' ? '0' : '1') },
  { names: /\.icmp_ratelimit$/, kept: (value) => String(Math.ceil(Number(value) / msPerTick()) * msPerTick()) },
];

const namesOf = ({ name }: ParameterRow) =>
  INTERFACES.map((each) => name.replace('*', each)).slice(0, name.includes('*') ? 3 : 1);

/** Aliases and former names; whether the latter linger depends on how the kernel was built, so only those that are gone count. */
function otherNamesOf({ aliases = [], formerNames = [] }: ParameterRow): { name: string; isExpected: boolean }[] {
  const gone = formerNames.filter(({ lingersUntil = '0.0' }) => isWithin(RUNNING.kernel, { since: lingersUntil }));
  return [
    ...aliases.map((alias) => ({ name: alias.name, isExpected: isWithin(RUNNING.kernel, alias) })),
    ...gone.map(({ name }) => ({ name, isExpected: false })),
  ];
}

let network: Network;
let host: Host;
let namespaces = 0;
/** Of every key that the namespace sees, by its path. */
let modesInNamespace: ReadonlyMap<string, string>;

beforeAll(() => {
  network = new Network();
  host = network.host('catalogue');
  const lines = host.must('find', '/proc/sys', '-type', 'f', '-printf', '%p %m\\n').split('\n');
  modesInNamespace = new Map(lines.map((line) => line.split(' ') as [path: string, mode: string]));
});
afterAll(() => network.remove());

describe.each(SYSCTLS)('$name', (row) => {
  test.each(namesOf(row))('%s: is there, or not, as the row says', (name) => {
    const inNamespace = isThere(row) && scopeOn(row, RUNNING) !== 'machine-hidden';
    expect({ machine: modeOnMachine(name) !== undefined, namespace: modeInNamespace(name) !== undefined }).toEqual({
      machine: isThere(row),
      namespace: inNamespace,
    });
  });

  if (!isThere(row)) return;

  test('can be set, or only read, as the row says', () => {
    const [name = ''] = namesOf(row);
    const writable = isWritable(row, RUNNING) ? '644' : '444';
    expect(modeOnMachine(name)).toBe(writable);
    if (scopeOn(row, RUNNING) === 'machine-hidden') return;
    expect(modeInNamespace(name)).toBe(scopeOn(row, RUNNING) === 'machine-readable' ? '444' : writable);
  });

  test.each(otherNamesOf(row))('$name: is there on the machine, or not, as the row says', ({ name, isExpected }) => {
    expect(modeOnMachine(name) !== undefined).toBe(isExpected);
  });

  if (!isOwn(row) || row.words) return;

  test('has the default of the row in a new namespace, and the bounds of the row are those of the kernel', () => {
    const [name = ''] = namesOf(row);
    const own = network.host(`own${namespaces++}`);
    for (const [other, value] of BEFORE[name] ?? []) expect(write(own, other, value)).toBe(true);
    const probes = probesOf(row, acceptedOn(row, RUNNING), ticksPerSecond());
    const [standard, ...outcomes] = probe(own, name, probes);
    expect(standard).toBe(formatValue(defaultValue(row, RUNNING) ?? 'the row has no default'));
    const kept = KEPT_AS.find(({ names }) => names.test(name))?.kept ?? ((value: string) => value);
    expect(outcomes).toEqual(probes.map(({ value, isTaken }) => (isTaken ? kept(value) : 'refused')));
  });
});

test.each(OPTIONS.filter(({ name }) => !name.includes('enable_hooks')))('$name is there', ({ name }) => {
  const [module, option] = name.split(' ');
  expect(existsSync(`/sys/module/${module}/parameters/${option}`)).toBe(true);
});

test('an algorithm that the kernel has is taken, and no other', () => {
  expect(write(host, 'net.ipv4.tcp_congestion_control', 'reno')).toBe(true);
  expect(write(host, 'net.ipv4.tcp_congestion_control', 'nettune')).toBe(false);
});

test('the table of the machine has the size that its memory gives it, unless somebody has set it', () => {
  const row = SYSCTLS.find(({ name }) => name === 'net.netfilter.nf_conntrack_expect_max');
  expect(read(host, 'net.netfilter.nf_conntrack_expect_max')).toBe(String(row && defaultValue(row, RUNNING)));
});

test('no name that the kernel has is taken for a misspelt one', () => {
  const files = readdirSync('/proc/sys/net', { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const names = files
    .map(({ parentPath, name }) => nameOf(`${parentPath}/${name}`))
    .filter((name) => !findParameter(name));
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => findLikelyName(name))).toEqual([]);
});

/** HZ, as the running kernel was built. */
function ticksPerSecond(): number {
  return Number(/^CONFIG_HZ=(\d+)$/m.exec(CONFIG)?.[1]);
}

function msPerTick(): number {
  return 1000 / ticksPerSecond();
}

function path(name: string): string {
  return `/proc/sys/${name.split('.').join('/')}`;
}

/** As sysctl has it, a dot in the name of an interface is written as `/`. */
function nameOf(file: string): string {
  const parts = file.replace('/proc/sys/', '').split('/');
  return parts.map((part) => part.replaceAll('.', '/')).join('.');
}

function modeOnMachine(name: string): string | undefined {
  return existsSync(path(name)) ? (statSync(path(name)).mode & 0o777).toString(8) : undefined;
}

function modeInNamespace(name: string): string | undefined {
  return modesInNamespace.get(path(name));
}

/** What the key has, and then what it has after each value was written, unless the kernel refuses that; one shell for all. */
function probe(where: Host, name: string, probes: readonly Probe[]): string[] {
  const script = `cat "$1"; file=$1; shift
for value; do (printf %s "$value" > "$file") 2> /dev/null && cat "$file" || echo refused; done`;
  const values = probes.map(({ value }) => value);
  const lines = where.must('sh', '-c', script, 'sh', path(name), ...values).trimEnd();
  return lines.split('\n').map((line) => line.split(/\s+/).join(' '));
}

/** The kernel separates numbers that belong together by tabs. */
function read(where: Host, name: string): string {
  return where.must('cat', path(name)).trim().split(/\s+/).join(' ');
}

/** Whether the kernel takes it, in the namespace. */
function write(where: Host, name: string, value: string): boolean {
  return where.run('sh', ['-c', 'printf %s "$2" > "$1"', 'sh', path(name), value]).code === 0;
}
