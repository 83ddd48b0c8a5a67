import { listPlanLines } from '../deploy/plan-lines.ts';
import type { Output } from './output.ts';

/** What a user calls, what the host is to have, and what the scripts share. Paths below templates/shell and shell/. */
const SCRIPTS = [
  ['apply.sh', 'compares the host with the plan, then puts everything into effect'],
  ['verify.sh', 'reads back what is in effect, and says who set what differs'],
  ['remove.sh', 'takes everything away and puts back what was there before'],
] as const;

const PARTS = [
  ['say.sh', 'messages of the scripts'],
  ['arguments.sh', 'what a script was called with'],
  ['disk.sh', 'has what was written reach the disk'],
  ['plan.sh', 'reads the plan, and names what is kept where'],
  ['lock.sh', 'one run at a time'],
  ['host.sh', 'compares the machine with the one that was planned for'],
  ['values.sh', 'reads and writes parameters of the kernel'],
  ['files.sh', 'writes files and links, each whole or not at all'],
  ['lines.sh', 'adds lines to files of others, and takes them away'],
  ['services.sh', 'units, servers and packet rules'],
  ['changes.sh', 'decides what has to be done'],
  ['release.sh', 'decides what has to be undone of what a plan has no more'],
  ['perform.sh', 'does what was decided'],
  ['record.sh', 'notes what is there before a run changes it'],
  ['originals.sh', 'keeps what was there before the first run'],
  ['restore.sh', 'puts single files and links back'],
  ['put-back.sh', 'puts back what a failed run has changed'],
  ['confirm.sh', 'puts everything back unless it is confirmed in time'],
  ['entries.sh', 'ends entries of the connection table that are overdue'],
  ['entries.awk', 'finds them'],
  ['differences.sh', 'finds what is not in effect'],
  ['limits.sh', 'finds processes that may open fewer files than planned'],
  ['queues.sh', 'finds queues that are shorter than planned'],
  ['image.sh', 'finds files where the host will find them that an image is for'],
  ['ways-out.sh', 'refuses an image that leads out of itself'],
  ['boot.sh', 'finds who sets a parameter, and who wins at boot'],
  ['saved.sh', 'finds packet rules of ours that somebody saved'],
  ['filter.sh', 'finds who loads the packet filter at boot'],
  ['tuned.sh', 'finds what tuned sets'],
  ['boot-order.awk', 'reads files for sysctl in the order of the boot'],
] as const;

/** Scripts for hosts without Ansible, or too old for it. They are the same for every profile: what differs is in `plan`. */
export const shell: Output = {
  id: 'shell',
  title: 'Scripts',
  readBy: 'you, as root, on the host',
  felt: 'When `apply.sh` is run; `remove.sh` takes everything back.',
  territory: ['shell/'],
  draft: (plan, others) => [
    ...SCRIPTS.map(([file, purpose]) => ({
      path: `shell/${file}`,
      mode: 0o755 as const,
      purpose,
      body: { text: `shell/${file}` },
    })),
    {
      path: 'shell/plan',
      purpose: 'what the host is to have, for the scripts',
      body: {
        template: 'shell/plan',
        view: {
          lines: listPlanLines(
            plan,
            others.filter(({ path }) => path.startsWith('etc/')),
          ),
        },
      },
    },
    ...PARTS.map(([file, purpose]) => ({
      path: `shell/parts/${file}`,
      purpose,
      body: { text: `shell/parts/${file}` },
    })),
  ],
};
