import { describe, expect, test } from 'vitest';
import { expectFallback, expectTracked } from '../../src/rules/expected-entries.ts';
import { circumstancesOf } from '../../src/rules/rule.ts';
import { defaultBuckets, defaultEntries } from '../../src/sizing/kernel-table.ts';
import { decisionOn } from '../../src/values/decided.ts';
import { formatValue } from '../../src/values/format-value.ts';
import type { Plan } from '../../src/values/plan.ts';
import { compileProfile } from '../support/compile-profile.ts';
import { profileOf, type Row, readHosts } from './sizing/read-hosts.ts';

const HOSTS = readHosts();

/** What each column of the table says of a plan; empty where the plan leaves something alone. */
const COLUMNS: Readonly<Record<string, (plan: Plan) => string>> = {
  'default buckets': ({ host }) => `${defaultBuckets(host)}`,
  'default entries': ({ host }) => `${defaultEntries(host)}`,
  'entries kept': countedBy(expectTracked),
  'without rules': countedBy(expectFallback),
  nf_conntrack_max: spelledFor('net.netfilter.nf_conntrack_max'),
  hashsize: spelledFor('nf_conntrack hashsize'),
  somaxconn: spelledFor('net.core.somaxconn'),
  ListenBacklog: spelledFor('ListenBacklog'),
  tcp_max_tw_buckets: spelledFor('net.ipv4.tcp_max_tw_buckets'),
  tcp_tw_reuse: spelledFor('net.ipv4.tcp_tw_reuse'),
  ip_local_port_range: spelledFor('net.ipv4.ip_local_port_range'),
  LimitNOFILE: spelledFor('LimitNOFILE'),
  ServerLimit: spelledFor('ServerLimit'),
  MaxRequestWorkers: spelledFor('MaxRequestWorkers'),
  ThreadsPerChild: spelledFor('ThreadsPerChild'),
  'gc_thresh (IPv4)': thresholdsOf('ipv4'),
  'gc_thresh (IPv6)': thresholdsOf('ipv6'),
  netdev_max_backlog: spelledFor('net.core.netdev_max_backlog'),
};

/** Kernels before 4.8 let it be read only. */
const BUCKETS = 'net.netfilter.nf_conntrack_buckets';

/** The kernels and roles that the table has to say something about. */
const ERAS = ['2.6.18', '2.6.32', '3.10', '4.18', '5.12', '6.1', '6.12', '7.2'];
const ROLES = ['web-server', 'squid-proxy', 'nat-gateway'];

describe.each(HOSTS.map((row) => ({ title: titleOf(row), row })))('$title', ({ row }) => {
  const plan = planOf(row);

  test('the plan is what the formulas give', () => {
    const planned = Object.entries(COLUMNS).map(([heading, read]) => [heading, read(plan)]);
    expect(Object.fromEntries(planned)).toEqual(pick(row, Object.keys(COLUMNS)));
  });

  test('values that go together are the same', () => {
    const equals: readonly (readonly [one: string, other: string])[] = [
      ['net.ipv4.tcp_max_syn_backlog', 'net.core.somaxconn'],
      ...(decisionOn(plan, BUCKETS) ? [[BUCKETS, 'nf_conntrack hashsize'] as const] : []),
      ...(row['role'] === 'squid-proxy' ? [['max_filedescriptors', 'LimitNOFILE'] as const] : []),
    ];
    for (const [one, other] of equals) expect([one, spelledFor(one)(plan)]).toEqual([one, spelledFor(other)(plan)]);
  });
});

test('the table has every role on every kernel, and each host once', () => {
  const pairs = new Set(HOSTS.map(({ role, kernel }) => `${role} ${kernel}`));
  const wanted = ROLES.flatMap((role) => ERAS.map((kernel) => `${role} ${kernel}`));
  expect(wanted.filter((pair) => !pairs.has(pair))).toEqual([]);
  expect(new Set(HOSTS.map((row) => JSON.stringify(profileOf(row)))).size).toBe(HOSTS.length);
});

test('every column of the table is compared, and differs between hosts', () => {
  const headings = Object.keys(HOSTS[0] ?? {});
  expect(headings.slice(headings.indexOf('packets/s') + 1)).toEqual(Object.keys(COLUMNS));
  const constant = Object.keys(COLUMNS).filter((heading) => new Set(HOSTS.map((row) => row[heading])).size < 3);
  expect(constant).toEqual(['tcp_tw_reuse']);
});

function titleOf({ host, role, kernel, bits, memory }: Row): string {
  return `${host}: ${role} on ${kernel}, ${bits} bits, ${memory}`;
}

function planOf(row: Row): Plan {
  const [compiled] = compileProfile(profileOf(row)).compiled;
  if (!compiled) throw new Error(`${row['host']} is no valid profile`);
  return compiled.plan;
}

function spelledFor(parameter: string): (plan: Plan) => string {
  return (plan) => {
    const decision = decisionOn(plan, parameter);
    return decision ? formatValue(decision.value) : '';
  };
}

function countedBy(expect: typeof expectTracked): (plan: Plan) => string {
  return (plan) => `${expect(circumstancesOf(plan))?.count ?? ''}`;
}

function thresholdsOf(family: 'ipv4' | 'ipv6'): (plan: Plan) => string {
  const names = [1, 2, 3].map((number) => `net.${family}.neigh.default.gc_thresh${number}`);
  return (plan) =>
    names
      .map((name) => spelledFor(name)(plan))
      .join(' ')
      .trim();
}

function pick(row: Row, headings: readonly string[]): Row {
  return Object.fromEntries(headings.map((heading) => [heading, row[heading] ?? '']));
}
