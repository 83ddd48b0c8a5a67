import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Profile } from '../../generated/profile.ts';
import { conntrackCoversFallback } from '../../src/checks/conntrack-covers-fallback.ts';
import { defaultTimeWaitSockets } from '../../src/parameters/tcp-hash.ts';
import { expectFallback, expectTracked } from '../../src/rules/expected-entries.ts';
import { circumstancesOf } from '../../src/rules/rule.ts';
import { sizeAcceptQueue } from '../../src/sizing/accept-queue.ts';
import { arrangeWorkers, countFittingWorkers } from '../../src/sizing/apache-workers.ts';
import { chooseRange, countBusyPorts } from '../../src/sizing/busy-ports.ts';
import { sizeApacheDescriptors, sizeSquidDescriptors } from '../../src/sizing/descriptors.ts';
import { sizeDeviceBacklog } from '../../src/sizing/device-backlog.ts';
import { withHeadroom } from '../../src/sizing/headroom.ts';
import { defaultEntries, entriesPerBucket, roundBuckets, tableBytes } from '../../src/sizing/kernel-table.ts';
import { sizeNeighbourTable } from '../../src/sizing/neighbour-table.ts';
import { sizeTimeWait } from '../../src/sizing/time-wait.ts';
import { decisionOn, numberFor } from '../../src/values/decided.ts';
import type { Plan } from '../../src/values/plan.ts';
import { countPorts } from '../../src/values/ports.ts';
import { compileProfile } from '../support/compile-profile.ts';

/** A host in a few numbers. */
const situation = fc.record({
  role: fc.constantFrom<Profile['role']>('web-server', 'squid-proxy', 'nat-gateway'),
  kernel: fc.constantFrom('2.6.18', '2.6.32', '3.10', '4.18', '5.14', '6.1', '6.12', '7.2'),
  memoryMiB: fc.oneof(fc.integer({ min: 256, max: 6000 }), fc.integer({ min: 256, max: 2 ** 20 })),
  perSecond: fc.integer({ min: 1, max: 50_000 }),
  open: fc.integer({ min: 1, max: 1e6 }),
  udpPerSecond: fc.integer({ min: 1, max: 50_000 }),
  outboundPerSecond: fc.integer({ min: 0, max: 5000 }),
  outboundOpen: fc.integer({ min: 0, max: 20_000 }),
  timeWait: fc.integer({ min: 1, max: 600 }),
  isUntracked: fc.boolean(),
});

type Situation = typeof situation extends fc.Arbitrary<infer Value> ? Value : never;

function planFor(host: Situation, buckets?: number): Plan {
  const profile: Profile = {
    name: 'host',
    role: host.role,
    host: { distribution: 'debian-12', kernel: host.kernel, memory: `${host.memoryMiB}MiB` },
    traffic: {
      ports: [80],
      connectionsPerSecond: host.perSecond,
      concurrentConnections: host.open,
      udpDialoguesPerSecond: host.udpPerSecond,
      outbound: [{ port: 443, connectionsPerSecond: host.outboundPerSecond, concurrentConnections: host.outboundOpen }],
    },
    conntrack: {
      untracked: { served: host.isUntracked },
      timeouts: { timeWait: host.timeWait },
      ...(buckets === undefined ? {} : { buckets }),
    },
  };
  return compileProfile(profile).compiled[0]?.plan as Plan;
}

const entriesOf = (plan: Plan) => numberFor(plan, 'net.netfilter.nf_conntrack_max') ?? Number.NaN;
const keptBy = (plan: Plan) => expectTracked(circumstancesOf(plan))?.count ?? 0;
const findShort = (plan: Plan) => conntrackCoversFallback.find(plan, () => undefined);
const descriptorsOf = (plan: Plan) => numberFor(plan, 'LimitNOFILE') ?? 0;
const workersOf = (plan: Plan) => numberFor(plan, 'MaxRequestWorkers') ?? 0;
const timeWaitOf = (plan: Plan) =>
  numberFor(plan, 'net.ipv4.tcp_max_tw_buckets') ?? defaultTimeWaitSockets(plan.host) ?? 0;
const localPortsOf = (plan: Plan) => {
  const [first, last] = (decisionOn(plan, 'net.ipv4.ip_local_port_range')?.value ?? [32768, 60999]) as number[];
  return (last ?? 0) - (first ?? 0) + 1;
};

describe('the plan for more of something', () => {
  /** What a plan has of a parameter never falls when one figure of the host rises. */
  const rises = (of: (plan: Plan) => number, figures: readonly (keyof Situation)[]) =>
    fc.assert(
      fc.property(situation, fc.constantFrom(...figures), fc.nat(100_000), (host, figure, more) => {
        const larger = { ...host, [figure]: Number(host[figure]) + more };
        expect(of(planFor(larger))).toBeGreaterThanOrEqual(of(planFor(host)));
      }),
      { numRuns: 500 },
    );

  it('traffic, or of a longer timeout, has no smaller connection table', () =>
    rises(entriesOf, ['perSecond', 'open', 'udpPerSecond', 'outboundPerSecond', 'outboundOpen', 'timeWait']));

  it('memory covers no less of what the traffic keeps', () =>
    rises((plan) => Math.min(entriesOf(plan), withHeadroom(keptBy(plan))), ['memoryMiB']));

  it('traffic or memory has no less room for sockets in TIME_WAIT', () =>
    rises(timeWaitOf, ['perSecond', 'outboundPerSecond', 'memoryMiB']));

  it('open connections has no fewer descriptors and workers', () => {
    rises(descriptorsOf, ['open', 'outboundOpen', 'perSecond']);
    rises(workersOf, ['open', 'memoryMiB']);
  });

  it('open connections to others has no fewer ports for them', () => rises(localPortsOf, ['outboundOpen']));

  it('connections to others has no fewer ports for them, but where ports are taken over from then on', () => {
    const withReuse = (plan: Plan) => (decisionOn(plan, 'net.ipv4.tcp_tw_reuse') ? 1e6 : 0) + localPortsOf(plan);
    rises(withReuse, ['outboundPerSecond']);
  });
});

/** What a remedy says that somebody could do about a table that is too small. */
function listProposals(remedy: string): Partial<Situation>[] {
  const memory = /^give the host ([\d.]+) ([GM])iB of memory/.exec(remedy);
  const timeWait = /timeWait` to `(\d+)s`/.exec(remedy);
  return [
    ...(memory ? [{ memoryMiB: Number(memory[1]) * (memory[2] === 'G' ? 1024 : 1) }] : []),
    ...(timeWait ? [{ timeWait: Number(timeWait[1]) }] : []),
  ];
}

describe('any host', () => {
  const check = (holds: (plan: Plan, host: Situation) => void) =>
    fc.assert(
      fc.property(situation, (host) => holds(planFor(host), host)),
      { numRuns: 500 },
    );

  it('has a connection table that fits its part of the memory, or is the one that the kernel would have made', () =>
    check((plan, { role }) => {
      const entries = entriesOf(plan);
      const buckets = Math.ceil(entries / entriesPerBucket(plan.host));
      const budget = plan.host.memoryBytes * (role === 'nat-gateway' ? 0.1 : 0.02);
      if (entries > defaultEntries(plan.host))
        expect(tableBytes(plan.host, entries, buckets)).toBeLessThanOrEqual(budget);
      expect(entries).toBeGreaterThanOrEqual(defaultEntries(plan.host));
    }));

  it('has a table that fits beside the buckets that the profile sets, or is the one that the kernel would have made', () =>
    fc.assert(
      fc.property(situation, fc.integer({ min: 1024, max: 2 ** 20 }), (host, buckets) => {
        const plan = planFor(host, buckets);
        const entries = entriesOf(plan);
        const budget = plan.host.memoryBytes * (host.role === 'nat-gateway' ? 0.1 : 0.02);
        if (entries > defaultEntries(plan.host))
          expect(tableBytes(plan.host, entries, buckets)).toBeLessThanOrEqual(budget);
      }),
      { numRuns: 500 },
    ));

  it('has a hash bucket for so many entries as the kernel has in mind, in whole pages', () =>
    check((plan) => {
      const buckets = numberFor(plan, 'nf_conntrack hashsize') ?? 0;
      expect(buckets * entriesPerBucket(plan.host)).toBeGreaterThanOrEqual(entriesOf(plan));
      expect(roundBuckets(buckets, plan.host)).toBe(buckets);
    }));

  it('has the values of one that tracks everything, for it does that whenever its rules are not loaded', () => {
    const valuesOf = (plan: Plan) => plan.decisions.map(({ parameter, value }) => [parameter, value]);
    check((plan, host) => {
      expect(valuesOf(planFor({ ...host, isUntracked: !host.isUntracked }))).toEqual(valuesOf(plan));
    });
  });

  it('holds all of it with headroom, or a check says at which part of it the table is full', () =>
    check((plan, host) => {
      const { count = 0 } = expectFallback(circumstancesOf(plan)) ?? {};
      const [said] = findShort(plan);
      const isShort = entriesOf(plan) < withHeadroom(count) && entriesOf(plan) >= withHeadroom(keptBy(plan));
      expect(said !== undefined).toBe(isShort && host.isUntracked && host.role !== 'nat-gateway');
      const percent = Number(/full at (\d+) %/.exec(said?.message ?? '')?.[1]);
      if (said) expect(percent).toBe(Math.floor((100 * entriesOf(plan)) / count));
    }));

  it('holds all of it as soon as it does what the check proposes', () => {
    let proposals = 0;
    check((plan, host) => {
      for (const change of listProposals(findShort(plan)[0]?.remedy ?? '')) {
        proposals += 1;
        expect(findShort(planFor({ ...host, ...change })), JSON.stringify(change)).toEqual([]);
      }
    });
    expect(proposals).toBeGreaterThan(10);
  });

  it('has a listen backlog that the kernel does not cut', () =>
    check((plan) => {
      const backlog = numberFor(plan, 'ListenBacklog') ?? 0;
      expect(backlog).toBeLessThanOrEqual(numberFor(plan, 'net.core.somaxconn') ?? backlog);
    }));
});

describe('the arithmetic', () => {
  const count = (max: number) => fc.integer({ min: 0, max });

  /** Whichever of its numbers rises, the result does not fall. */
  const rising = (of: (...numbers: number[]) => number, ...largest: number[]) => {
    const numbers = fc.tuple(...largest.map(count));
    fc.assert(
      fc.property(numbers, numbers, (some, others) => {
        const less = some.map((number, index) => Math.min(number, others[index] ?? 0));
        expect(of(...some)).toBeGreaterThanOrEqual(of(...less));
      }),
      { numRuns: 2000 },
    );
  };

  it('never gives less for more', () => {
    rising((rate = 0) => sizeAcceptQueue(rate), 1e7);
    rising((open = 0, queue = 0) => sizeSquidDescriptors(open, queue), 1e8, 65536);
    rising((threads = 0, idle = 0) => sizeApacheDescriptors(threads, idle), 1e5, 10);
    rising((packets = 0) => sizeDeviceBacklog(packets) ?? 1000, 1e8);
    rising(
      (neighbours = 0, memory = 0) => sizeNeighbourTable(neighbours, memory + 2 ** 26)?.collect ?? 512,
      1e7,
      2 ** 40,
    );
    rising((rate = 0, memory = 0) => sizeTimeWait(rate, memory + 2 ** 28), 1e7, 2 ** 40);
    rising((memory = 0) => countFittingWorkers(memory, 2 ** 20), 2 ** 40);
    rising((workers = 0) => arrangedWorkers(workers, 25, 20_000), 1e6);
    rising(
      (perSecond = 0, open = 0, share = 0, seconds = 0) =>
        countBusyPorts({ perSecond, open, busiestShare: share / 1000 }, seconds),
      1e7,
      1e8,
      1000,
      240,
    );
  });

  it('gives queues, descriptors and neighbours that are a power of two and cover what they are for', () => {
    const isPowerOfTwo = (number: number) => Number.isInteger(Math.log2(number));
    fc.assert(
      fc.property(count(30_000), count(1e7), (small, large) => {
        const queue = sizeAcceptQueue(small);
        const squid = sizeSquidDescriptors(large, small);
        const neighbours = sizeNeighbourTable(large, 2 ** 46) ?? { keep: 128, collect: 512, most: 1024 };
        expect([queue, squid, neighbours.collect].filter((number) => !isPowerOfTwo(number))).toEqual([]);
        expect(queue).toBeGreaterThanOrEqual(small);
        expect(squid).toBeGreaterThanOrEqual(large * 1.5 + 512);
        expect(neighbours.collect).toBeGreaterThanOrEqual(large * 1.5);
        expect(neighbours.keep * 8).toBe(neighbours.most);
      }),
    );
  });

  it('gives a range with the ports that are needed, or the widest', () => {
    fc.assert(
      fc.property(count(100_000), (ports) => {
        const range = chooseRange(ports);
        expect(countPorts([range])).toBeGreaterThanOrEqual(Math.min(ports, 64_512));
      }),
    );
  });

  it('fills processes of httpd, and leaves fewer workers out than one has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400_000 }), fc.constantFrom(1, 25), (workers, threads) => {
        const arranged = arrangedWorkers(workers, threads, 20_000);
        expect(arranged).toBeLessThanOrEqual(workers);
        if (workers <= 20_000) expect(workers - arranged).toBeLessThan(threads);
      }),
    );
  });
});

function arrangedWorkers(workers: number, threads: number, most: number): number {
  const { processes, threadsPerProcess } = arrangeWorkers(workers, threads, most);
  return processes * threadsPerProcess;
}
