import { EFFECTS } from '../parameters/effects.ts';
import { effectOn } from '../parameters/on-kernel.ts';
import type { ParameterRow } from '../parameters/parameter.ts';
import { findParameter } from '../parameters/parameters.ts';
import type { TakingEffect } from '../values/comparison.ts';
import type { Host } from '../values/host.ts';
import { withoutMachine } from '../values/machine-folder.ts';
import { CAUTIONS } from './cautions.ts';
import type { DecisionSides } from './decision-sides.ts';
import { isOfService, listQueueLimits, listServices } from './restarted-services.ts';

const WITH_SERVER = EFFECTS['server-start'].existing;

/** How a changed value gets to hosts, by what nettune-host does about it. */
export function takingEffect(sides: DecisionSides): TakingEffect {
  const service = restartedService(sides);
  if (service)
    return { way: 'restart', when: `when ${service} is restarted, which applying does`, existing: WITH_SERVER };
  const lines = linesFor(sides);
  if (lines)
    return {
      way: 'hand',
      when: 'when the server is restarted with the line in a file of its own',
      existing: WITH_SERVER,
      caution: `put the lines of ${lines} into the server's own files, and restart it`,
    };
  const { plan, decision } = sides.after ?? sides.before;
  const row = findParameter(decision.parameter);
  const caution = CAUTIONS.find(({ applies }) => applies(sides))?.caution;
  return { way: caution ? 'care' : 'running', ...whileRunning(row, plan.host), ...(caution ? { caution } : {}) };
}

/** The service that applying stops and starts for this very value. */
function restartedService(sides: DecisionSides): string | undefined {
  const services = [sides.after, sides.before].flatMap((side) => {
    if (!side) return [];
    const { plan, decision } = side;
    const paths = decision.artifacts.map((path) => withoutMachine(path.slice(plan.name.length + 1)));
    const isQueueLimit = listQueueLimits(plan.host).includes(decision.parameter);
    return listServices(plan).filter((service) => isQueueLimit || paths.some((path) => isOfService(path, service)));
  });
  return services[0]?.name;
}

/** A file of lines that somebody has to put into a server's own files. */
function linesFor({ before, after }: DecisionSides): string | undefined {
  return (after ?? before).decision.artifacts.find((path) => path.endsWith('.lines'));
}

/** A module that is loaded already is written to as well. */
function whileRunning(row: ParameterRow | undefined, host: Host): Pick<TakingEffect, 'when' | 'existing'> {
  if (!row)
    return { when: 'when it is applied, if the kernel takes it so', existing: 'perhaps too: nettune does not know' };
  const effect = effectOn(row, host);
  return EFFECTS[effect === 'module-load' ? 'at-once' : effect];
}
