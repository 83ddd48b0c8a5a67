import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { roundBuckets } from '../../src/sizing/kernel-table.ts';
import { decisionOn, numberFor } from '../../src/values/decided.ts';
import type { Plan } from '../../src/values/plan.ts';
import { arbitraryProfile } from '../support/arbitrary-profile.ts';
import { compileProfile } from '../support/compile-profile.ts';

/**
 * Pairs of decisions that undo each other on a host, as its administrator would find them out: each in its own words, and
 * not by the arithmetic of the checks. `by`: the checks that may say so.
 */
const CONTRADICTIONS: readonly {
  readonly said: string;
  readonly by: readonly string[];
  readonly holds: (plan: Plan) => boolean;
}[] = [
  {
    said: 'a backlog longer than the kernel grants',
    by: ['accept-queue-not-truncated'],
    holds: exceeds('ListenBacklog', 'net.core.somaxconn'),
  },
  {
    said: 'half-open fewer than may wait',
    by: ['syn-queue-matches-accept-queue'],
    holds: (plan) =>
      exceeds('net.core.somaxconn', 'net.ipv4.tcp_max_syn_backlog')(plan) &&
      (numberFor(plan, 'net.ipv4.tcp_syncookies') === 0 || plan.host.kernel[0] < 4),
  },
  {
    said: 'reuse without timestamps',
    by: ['tw-reuse-has-timestamps'],
    holds: both(['net.ipv4.tcp_tw_reuse', 1], ['net.ipv4.tcp_timestamps', 0]),
  },
  {
    said: 'a unit beyond the kernel',
    by: ['descriptors-cover-connections'],
    holds: exceeds('LimitNOFILE', 'fs.nr_open'),
  },
  {
    said: 'a unit beyond all files of the host',
    by: ['descriptors-cover-connections'],
    holds: exceeds('LimitNOFILE', 'fs.file-max'),
  },
  {
    said: 'connections to open, and every port reserved',
    by: ['ephemeral-ports-cover-rate'],
    holds: (plan) =>
      decisionOn(plan, 'net.ipv4.ip_local_reserved_ports')?.value === '1024-65535' &&
      plan.traffic.flows.some(({ direction, perSecond }) => direction === 'outbound' && perSecond > 0),
  },
  {
    said: 'an entry that ends before the first probe',
    by: ['established-outlives-keepalive', 'nat-timeouts-respect-rfc'],
    holds: exceeds('net.ipv4.tcp_keepalive_time', 'net.netfilter.nf_conntrack_tcp_timeout_established'),
  },
  {
    said: 'neighbours collected before they are kept',
    by: ['neighbour-table-covers-clients'],
    holds: exceeds('net.ipv4.neigh.default.gc_thresh1', 'net.ipv4.neigh.default.gc_thresh2'),
  },
  {
    said: 'room for fewer neighbours than are collected',
    by: ['neighbour-table-covers-clients'],
    holds: exceeds('net.ipv4.neigh.default.gc_thresh2', 'net.ipv4.neigh.default.gc_thresh3'),
  },
  {
    said: 'chains of more than 16',
    by: ['buckets-fit-table'],
    holds: (plan) => {
      const buckets = numberFor(plan, 'net.netfilter.nf_conntrack_buckets') ?? Number.POSITIVE_INFINITY;
      return buckets > 0 && (numberFor(plan, 'net.netfilter.nf_conntrack_max') ?? 0) > 8 * buckets;
    },
  },
  {
    said: 'a gateway that forwards nothing',
    by: ['gateway-forwards'],
    holds: (plan) =>
      plan.role === 'nat-gateway' &&
      (plan.profile.gateway?.families ?? ['ipv4']).includes('ipv4') &&
      numberFor(plan, 'net.ipv4.ip_forward') !== 1,
  },
];

/** What no profile can bring about, since one rule chooses both. */
const IMPOSSIBLE: typeof CONTRADICTIONS = [
  { said: 'descriptors beyond the unit', by: [], holds: exceeds('max_filedescriptors', 'LimitNOFILE') },
  {
    said: 'workers that the processes do not make up',
    by: [],
    holds: (plan) => {
      const room = (numberFor(plan, 'ServerLimit') ?? 0) * (numberFor(plan, 'ThreadsPerChild') ?? 1);
      return (numberFor(plan, 'MaxRequestWorkers') ?? 0) > room;
    },
  },
  {
    said: 'a module and a kernel with tables of different sizes',
    by: [],
    holds: (plan) => {
      const option = numberFor(plan, 'nf_conntrack hashsize');
      const buckets = numberFor(plan, 'net.netfilter.nf_conntrack_buckets');
      return option !== undefined && buckets !== undefined && roundBuckets(buckets, plan.host) !== option;
    },
  },
];

/** Whether the first of the two is larger. */
function exceeds(one: string, other: string): (plan: Plan) => boolean {
  return (plan) =>
    (numberFor(plan, one) ?? Number.NEGATIVE_INFINITY) > (numberFor(plan, other) ?? Number.POSITIVE_INFINITY);
}

function both(...pairs: readonly (readonly [string, number])[]): (plan: Plan) => boolean {
  return (plan) => pairs.every(([parameter, value]) => numberFor(plan, parameter) === value);
}

const value = (...values: (number | string)[]) =>
  fc.record({ value: fc.constantFrom(...values), because: fc.constant('tried under load') });

/** Overrides of the very parameters that depend on each other. */
const overrides = fc.record(
  {
    'net.core.somaxconn': value(128, 4096, 65535),
    'net.ipv4.tcp_max_syn_backlog': value(128, 4096, 65536),
    'net.ipv4.tcp_timestamps': value(0, 1),
    'net.ipv4.tcp_tw_reuse': value(0, 1),
    'net.ipv4.tcp_keepalive_time': value(60, 7200),
    'net.netfilter.nf_conntrack_tcp_timeout_established': value(60, 3600, 86400),
    'net.netfilter.nf_conntrack_max': value(65536, 4194304),
    'net.netfilter.nf_conntrack_buckets': value(1024, 65536),
    'net.ipv4.ip_forward': value(0, 1),
    'fs.nr_open': value(4096, 1048576),
    'fs.file-max': value(8192, 4194304),
    'net.ipv4.ip_local_reserved_ports': value('8080', '1024-65535'),
    'net.ipv4.neigh.default.gc_thresh1': value(64, 4096),
    'net.ipv4.neigh.default.gc_thresh2': value(64, 4096),
    'net.ipv4.neigh.default.gc_thresh3': value(64, 4096),
  },
  { requiredKeys: [] },
);

describe('decisions that contradict each other', () => {
  it('never come without a problem that says so', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(arbitraryProfile(), overrides, (profile, sysctl) => {
        const { compiled, problems } = compileProfile({ ...profile, sysctl, allow: [] });
        const plan = compiled[0]?.plan as Plan;
        const ids = problems.map(({ id }) => id);
        expect(IMPOSSIBLE.filter(({ holds }) => holds(plan))).toEqual([]);
        for (const { said, by } of CONTRADICTIONS.filter(({ holds }) => holds(plan))) {
          met.add(said);
          expect({ said, isReported: by.some((id) => ids.includes(id)) }).toEqual({ said, isReported: true });
        }
      }),
      { numRuns: 3000 },
    );
    expect([...met].sort()).toEqual(CONTRADICTIONS.map(({ said }) => said).sort()); // or the profiles are too tame
  });
});

describe('what an override changes', () => {
  it('names the override among its causes, or says that something else decides now', () => {
    fc.assert(
      fc.property(arbitraryProfile(), overrides, (profile, sysctl) => {
        const decide = (each: object) =>
          compileProfile({ ...profile, sysctl: each as typeof sysctl, allow: [] }).compiled[0]?.plan.decisions ?? [];
        const without = new Map(decide({}).map((decision) => [decision.parameter, decision]));
        for (const [name, override] of Object.entries(sysctl)) {
          const changed = decide({ [name]: override }).filter(
            ({ parameter, value }) => without.has(parameter) && String(without.get(parameter)?.value) !== String(value),
          );
          for (const { parameter, causes } of changed)
            if (!causes.includes(`sysctl.${name}`))
              expect({ parameter, causes }).not.toMatchObject({ causes: without.get(parameter)?.causes });
        }
      }),
      { numRuns: 300 },
    );
  });
});
