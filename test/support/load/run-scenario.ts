import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../namespaces.ts';
import { countByKernel, type Entry, listEntries } from './connection-table.ts';
import type { LoadReport } from './load.ts';
import { type LocalPort, listLocalPorts } from './local-ports.ts';
import type { Scenario } from './scenarios.ts';
import { watchUnderLoad } from './watch-under-load.ts';

/** A host under load at one moment, and what its clients had done until then. */
export interface Run {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly entries: readonly Entry[];
  /** As the kernel counts. Expired entries count until they are come across, as whoever lists all of them does. */
  readonly kernelCount: { readonly before: number; readonly after: number };
  readonly localPorts: readonly LocalPort[];
  readonly reports: ReadonlyMap<string, LoadReport>;
}

/** Loads hosts of its own for some seconds, and looks once while the load goes on. */
export async function runScenario(scenario: Scenario): Promise<Run> {
  const { seen, reports } = await watchUnderLoad(scenario, async (host) => {
    await sleep(scenario.seconds * 1000);
    return look(host, scenario);
  });
  return { ...seen, reports };
}

function look(host: Host, { ports }: Scenario): Omit<Run, 'reports'> {
  const before = countByKernel(host);
  const localPorts = ports?.kept === 'by sockets' ? listLocalPorts(host, ports.to) : [];
  const at = Date.now();
  const entries = listEntries(host);
  const after = countByKernel(host);
  return { at, entries, kernelCount: { before, after }, localPorts };
}
