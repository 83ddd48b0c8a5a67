import { findParameter } from '../parameters/parameters.ts';
import { commentOn } from '../text/comments.ts';
import { formatValue } from '../values/format-value.ts';
import type { Decision } from '../values/plan.ts';
import type { Output } from './output.ts';

/** `90-` comes after the distribution's files and those of cloud images, and leaves 99- to the administrator. */
export const sysctl: Output = {
  id: 'sysctl',
  title: 'Kernel parameters',
  readBy: '`systemd-sysctl` at boot, `sysctl -p`, and without systemd an init script of ours',
  takesEffect:
    'At once by `nettune-host apply`, and at every boot. Queues of listeners count from the next start of the server, which `nettune-host apply` sees to.',
  territory: ['etc/sysctl.d/'],
  draft: ({ name, decisions, omissions }) => {
    const own = decisions.filter(isSysctl);
    return [
      {
        path: `etc/sysctl.d/90-nettune-${name}.conf`,
        purpose: 'kernel parameters, set at boot',
        carries: own.map(({ parameter }) => parameter),
        body: {
          template: 'sysctl/sysctl.conf',
          view: { notes: omissions.flatMap((omission) => [...commentOn(omission), '']), entries: own.map(asEntry) },
        },
      },
    ];
  },
};

/** A decision outside the catalogue can only be a kernel parameter: a profile has no other way to name one. */
export function isSysctl({ parameter }: Decision): boolean {
  return (findParameter(parameter)?.kind ?? 'sysctl') === 'sysctl';
}

function asEntry(decision: Decision) {
  return { comment: commentOn(decision), name: decision.spelling, value: formatValue(decision.value) };
}
