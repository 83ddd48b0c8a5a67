import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectTracked } from '../../src/rules/expected-entries.ts';
import { circumstancesOf } from '../../src/rules/rule.ts';
import { TIME_WAIT_SECONDS } from '../../src/sizing/busy-ports.ts';
import { decisionOn } from '../../src/values/decided.ts';
import { type Comparison, compareRun } from '../support/load/compare-run.ts';
import type { Entry } from '../support/load/connection-table.ts';
import { type Run, runScenario } from '../support/load/run-scenario.ts';
import { ADDRESSES, SCENARIOS } from '../support/load/scenarios.ts';
import { requirePrograms } from '../support/prerequisites.ts';

requirePrograms({ ip: 'iproute2', ss: 'iproute2', iptables: 'iptables', conntrack: 'conntrack', sysctl: 'procps' });

/** Clients are seen a moment before or after the table is. */
const TOLERANCE = 0.1;

/** Far fewer, and a run would show nothing: the machine is too busy to be measured. */
const LEAST_SHARE_OF_THE_LOAD = 0.3;

describe.each(SCENARIOS)('$title', (scenario) => {
  let run: Run;
  let comparison: Comparison;

  let running: Promise<Run>;

  beforeAll(async () => {
    running = runScenario(scenario);
    run = await running;
    comparison = compareRun(scenario, run);
  }, 20_000);

  /** Also when the hook above was too slow: what it has built is taken away before the next one begins. */
  afterAll(() => Promise.allSettled([running]).then(() => undefined));

  test('the load was real', () => {
    for (const { name, perSecond, open } of scenario.clients) {
      expect({ name, failed: run.reports.get(name)?.failed }).toEqual({ name, failed: 0 });
      expect(comparison.reached[name]?.open).toBe(open);
      expect(comparison.reached[name]?.perSecond).toBeGreaterThan(perSecond * LEAST_SHARE_OF_THE_LOAD);
    }
  });

  test('each state has as many entries as the formula says', () => {
    const { predicted, counted } = comparison;
    for (const state of ['open', 'timeWait', 'udp'] as const) expectAbout(counted[state], predicted[state], state);
  });

  test('the kernel counts as many as the reason says of what is tracked, but for UDP dialogues that are no stream yet', () => {
    const { plan, counted } = comparison;
    const [, said = ''] = / = ([\d,]+) entries/.exec(reasonOf(plan)) ?? [];
    expectAbout(run.kernelCount.after - counted.beginning, Number(said.replaceAll(',', '')), 'all');
  });

  if (scenario.untracked !== undefined)
    test('untracked connections leave no entry at all', () => {
      const isServed = ({ to }: Entry) => to.address === ADDRESSES.host && to.port === scenario.untracked;
      expect(run.entries.filter(isServed)).toEqual([]);
    });

  if (scenario.ports)
    test('the busiest destination keeps as many ports as the formula says', () => {
      expectAbout(comparison.ports?.counted ?? 0, comparison.ports?.predicted ?? 0, 'ports');
      expect(comparison.ports?.counted).toBeGreaterThan(0);
    });

  if (scenario.ports?.kept !== 'by sockets') return;

  test('a socket stays in TIME_WAIT for as long as the formula says: what the oldest one has left, and its age', () => {
    const left = Math.min(...run.localPorts.flatMap(({ secondsLeft = [] }) => secondsLeft));
    const closedAt = Math.min(...[...run.reports.values()].flatMap(({ finishedAt }) => finishedAt));
    expect(Math.abs(left + (run.at - closedAt) / 1000 - TIME_WAIT_SECONDS)).toBeLessThan(3);
  });
});

/** The table is sized for all traffic; here the rules are loaded, and what they leave untracked has no entry. */
function reasonOf(plan: Comparison['plan']): string {
  const isAllTracked = plan.traffic.flows.every(({ isTracked }) => isTracked);
  const reason = decisionOn(plan, 'net.netfilter.nf_conntrack_max')?.reason;
  return (isAllTracked ? reason : expectTracked(circumstancesOf(plan))?.reason) ?? '';
}

/** Where nothing is predicted, nothing is there. */
function expectAbout(counted: number, predicted: number, what: string): void {
  const isClose = Math.abs(counted - predicted) <= predicted * TOLERANCE;
  expect({ what, counted, predicted, isClose }).toEqual({ what, counted, predicted, isClose: true });
}
