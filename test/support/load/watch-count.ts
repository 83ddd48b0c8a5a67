import { setTimeout as sleep } from 'node:timers/promises';
import { countByKernel } from './connection-table.ts';
import type { Scenario } from './scenarios.ts';
import { watchUnderLoad } from './watch-under-load.ts';

const STEP_SECONDS = 2;

/**
 * What the kernel counts under a load that has become steady: nothing but its own collector and the packets themselves
 * take expired entries away, since nobody lists them.
 */
export async function watchCount(scenario: Scenario, steadyAfterSeconds: number) {
  const { seen, reports } = await watchUnderLoad(scenario, async (host) => {
    const counts: number[] = [];
    await sleep(steadyAfterSeconds * 1000);
    for (let passed = steadyAfterSeconds; passed < scenario.seconds; passed += STEP_SECONDS) {
      counts.push(countByKernel(host));
      await sleep(STEP_SECONDS * 1000);
    }
    return { counts, at: Date.now() };
  });
  return { ...seen, reports };
}
