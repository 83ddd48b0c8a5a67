import type { Host } from '../namespaces.ts';
import { buildHosts, type Hosts } from './build-hosts.ts';
import { type LoadReport, type RunningLoad, startLoad, startServers } from './load.ts';
import { planFor } from './plan-for.ts';
import { ADDRESSES, askedOf, type Scenario } from './scenarios.ts';

/** Time that the watcher may need besides; clients that nobody stops end after it. */
const GRACE_SECONDS = 15;

/** Builds the hosts of a scenario, loads them while somebody watches the one in the middle, and takes everything away again. */
export async function watchUnderLoad<Seen>(
  scenario: Scenario,
  watch: (host: Host) => Promise<Seen>,
): Promise<{ seen: Seen; reports: ReadonlyMap<string, LoadReport> }> {
  const hosts = buildHosts(scenario, planFor(scenario, askedOf(scenario)));
  try {
    await startServers(hosts.host, scenario.servers.host ?? {});
    await startServers(hosts.server, scenario.servers.server ?? {});
    const running = await startClients(scenario, hosts);
    const seen = await watch(hosts.host);
    return { seen, reports: await stopClients(running) };
  } finally {
    hosts.remove();
  }
}

async function startClients({ clients, seconds }: Scenario, hosts: Hosts): Promise<Map<string, RunningLoad>> {
  const running = new Map<string, RunningLoad>();
  const longestSeconds = seconds + GRACE_SECONDS;
  for (const { name, from, to, ...load } of clients)
    running.set(name, await startLoad(hosts[from], { ...load, to: ADDRESSES[to], longestSeconds }));
  return running;
}

async function stopClients(running: ReadonlyMap<string, RunningLoad>): Promise<Map<string, LoadReport>> {
  const reports = new Map<string, LoadReport>();
  for (const [name, load] of running) reports.set(name, await load.stop());
  return reports;
}
