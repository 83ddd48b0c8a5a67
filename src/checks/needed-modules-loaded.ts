import { conntrackModules } from '../parameters/conntrack-modules.ts';
import { packageOf } from '../parameters/extra-modules.ts';
import { modulesFor } from '../parameters/words.ts';
import { modulesToLoad, OF_THE_NETWORK } from '../rules/modules.ts';
import { isOfTracker } from '../rules/tracking.ts';
import type { Plan } from '../values/plan.ts';
import type { Breach, Check } from './check.ts';

export const neededModulesLoaded: Check = {
  id: 'needed-modules-loaded',
  severity: 'warning',
  what: 'Whatever an entry of `sysctl` needs a kernel module for, the module is loaded before the value is set, and comes with the kernel itself.',
  why: 'A key whose module is not loaded does not exist, and systemd-sysctl passes over it. nettune loads modules for names that it knows and for net.bridge; it loads none that offers something to the network by itself, such as sctp.',
  fix: 'Load the module in a file of your own, such as /etc/modules-load.d/60-local.conf, install the package that it comes with, or remove the entry.',
  source: 'systemd-sysctl.service starts after systemd-modules-load.service; mod-extra.list of Red Hat 8 and 9',
  // That a parameter of the tracker is set while nothing is tracked is the business of tracking-not-needed.
  find: (plan) =>
    plan.decisions
      .filter(({ rule, parameter }) => rule === 'override' && !isOfTracker(parameter))
      .flatMap((each) => breachesOf(each, plan)),
};

function breachesOf({ parameter, spelling, value, causes }: Plan['decisions'][number], plan: Plan): Breach[] {
  const loaded = modulesToLoad(plan);
  return modulesFor(parameter, value, plan.host).flatMap((module) => {
    const extra = packageOf(module, plan.host);
    if (module === OF_THE_NETWORK) return [];
    if (!loaded.includes(module))
      return [
        {
          message: `${spelling} is there only while the module ${module} is loaded, and nothing loads it`,
          remedy: `remove the entry, or ${whatLoads(module, plan)}`,
          causes,
        },
      ];
    return extra === undefined
      ? []
      : [
          {
            message: `${spelling} needs the module ${module}, which comes with the package ${extra}: on a host without that package it cannot be set`,
            remedy: `install ${extra} on these hosts, and allow this`,
            causes,
          },
        ];
  });
}

/** rc.sysinit and systemd each load what stands in files before they set values. */
function whatLoads(module: string, { host }: Plan): string {
  if (conntrackModules(host).includes(module)) return 'set `conntrack.tracking: in-use`';
  const file = host.distribution.programs.systemd
    ? '/etc/modules-load.d/60-local.conf'
    : '/etc/sysconfig/modules/local.modules';
  return `load the module in a file of your own, such as ${file}, and allow this`;
}
