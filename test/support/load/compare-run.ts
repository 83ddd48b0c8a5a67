import { deriveTraffic } from '../../../src/derive-traffic.ts';
import { busiestOf, TIME_WAIT_SECONDS } from '../../../src/sizing/busy-ports.ts';
import { countEntries, type EntryCount, type EntryTimeouts } from '../../../src/sizing/connection-entries.ts';
import { numberFor } from '../../../src/values/decided.ts';
import type { Plan } from '../../../src/values/plan.ts';
import type { Flow } from '../../../src/values/traffic.ts';
import type { Entry } from './connection-table.ts';
import { planFor } from './plan-for.ts';
import type { Run } from './run-scenario.ts';
import { askedOf, type Figures, type Scenario } from './scenarios.ts';

/** What our formulas say of a run, against what was there. */
export interface Comparison {
  readonly timeouts: EntryTimeouts;
  /** The plan for the figures that the clients reached. */
  readonly plan: Plan;
  readonly predicted: EntryCount;
  readonly counted: CountedEntries;
  readonly ports: { readonly predicted: number; readonly counted: number } | undefined;
  /** New connections and dialogues per second that were reached, by the name of the clients. */
  readonly reached: Readonly<Record<string, Figures>>;
}

/** Entries by state. Those that the formulas leave out are counted apart. */
export interface CountedEntries extends EntryCount {
  /** TCP, neither open nor in TIME_WAIT. */
  readonly between: number;
  /** UDP, in the two seconds before a dialogue is a stream. */
  readonly beginning: number;
}

/** Rates are those of the last seconds for which something stays: what came before has left nothing. */
export function compareRun(scenario: Scenario, run: Run): Comparison {
  const timeouts = timeoutsOf(planFor(scenario, askedOf(scenario)));
  const isUdp = (name: string) => scenario.clients.some((each) => each.name === name && each.protocol === 'udp');
  const figures = (name: string) => reached(run, name, isUdp(name) ? timeouts.udpStream : timeouts.timeWait);
  return {
    timeouts,
    plan: planFor(scenario, figures),
    predicted: countEntries(deriveTraffic(scenario.profile(figures)).flows, timeouts),
    counted: countStates(run.entries),
    ports: comparePorts(scenario, run, timeouts),
    reached: Object.fromEntries(scenario.clients.map(({ name }) => [name, figures(name)])),
  };
}

/** What clients reached in the last seconds before somebody looked. */
export function reached({ at, reports }: Pick<Run, 'at' | 'reports'>, name: string, seconds: number): Figures {
  const { finishedAt = [], open = 0 } = reports.get(name) ?? {};
  const finished = finishedAt.filter((moment) => moment > at - seconds * 1000 && moment <= at);
  return { perSecond: finished.length / seconds, open };
}

function timeoutsOf(plan: Plan): EntryTimeouts {
  const seconds = (name: string) => numberFor(plan, `net.netfilter.nf_conntrack_${name}`) ?? Number.NaN;
  return { timeWait: seconds('tcp_timeout_time_wait'), udpStream: seconds('udp_timeout_stream') };
}

function countStates(entries: readonly Entry[]): CountedEntries {
  const count = (isMeant: (entry: Entry) => boolean) => entries.filter(isMeant).length;
  const open = count(({ state }) => state === 'ESTABLISHED');
  const timeWait = count(({ state }) => state === 'TIME_WAIT');
  const udp = count(({ protocol, isAssured }) => protocol === 'udp' && isAssured);
  return {
    open,
    timeWait,
    udp,
    between: count(({ protocol }) => protocol === 'tcp') - open - timeWait,
    beginning: count(({ protocol }) => protocol === 'udp') - udp,
  };
}

/** A socket keeps its port for TIME_WAIT's 60 s, of which a run is only a part; a translation, as long as its entry. */
function comparePorts(scenario: Scenario, run: Run, { timeWait }: EntryTimeouts): Comparison['ports'] {
  if (!scenario.ports) return undefined;
  const { to: port } = scenario.ports;
  const bySockets = scenario.ports.kept === 'by sockets';
  const seconds = bySockets ? TIME_WAIT_SECONDS : timeWait;
  const direction: Flow['direction'] = bySockets ? 'outbound' : 'forwarded';
  const { flows } = deriveTraffic(scenario.profile((name) => reached(run, name, seconds)));
  const competing = flows.filter((flow) => flow.direction === direction && flow.protocol === 'tcp');
  const translated = run.entries.filter(({ protocol, to }) => protocol === 'tcp' && to.port === port);
  const seen = bySockets ? run.localPorts.map(({ port }) => port) : translated.map((entry) => entry.answeredPort);
  return { predicted: busiestOf(competing, seconds)?.ports ?? 0, counted: new Set(seen).size };
}
