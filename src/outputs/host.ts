import { listMachineLines } from '../deploy/machine-lines.ts';
import { listPlanLines } from '../deploy/plan-lines.ts';
import type { Output } from './output.ts';

/** What the host program reads: everything that a host is to have of a plan, as data. */
export const host: Output = {
  id: 'host',
  title: 'Plan for the host program',
  readBy: '`nettune-host`, on the host',
  takesEffect: 'When `nettune-host apply` is run with this folder; `nettune-host remove` takes everything back.',
  territory: ['plan'],
  draft: (plan, others) => [
    {
      path: 'plan',
      purpose: 'what the host is to have, for nettune-host',
      body: { template: 'host/plan', view: { lines: listPlanLines(plan, others) } },
    },
  ],
  gather: ([first, ...more], others) =>
    more.length === 0
      ? []
      : [
          {
            path: 'plan',
            purpose: 'the machines that there are plans for, of which nettune-host chooses one',
            body: { template: 'host/machines', view: { lines: listMachineLines([first, ...more], others) } },
          },
        ],
};
