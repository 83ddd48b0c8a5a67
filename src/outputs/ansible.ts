import { leastMemory } from '../deploy/least-memory.ts';
import type { Artifact } from '../values/artifact.ts';
import { MACHINES, placeOf, withoutMachine } from '../values/machine-folder.ts';
import type { Plan, Plans } from '../values/plan.ts';
import { formatSize } from '../values/quantities.ts';
import type { Draft, Output, View } from './output.ts';

/** What is the same for every profile but for its name. Paths below templates/ansible and the role. */
const TEXTS = [
  ['defaults/main.yml', 'what the role lets its user choose'],
  ['meta/argument_specs.yml', 'the choices, checked by Ansible before the first task'],
  ['tasks/confirm.yml', 'confirms changed packet rules over a new connection'],
  ['handlers/main.yml', 'restarts servers that were left to wait for it'],
  ['files/unpack.sh', 'unpacks the files on the host, and runs the host program there'],
] as const;

/**
 * A playbook and a thin role: it takes the plan and the files from around it to a host, and has the host program run there.
 * No text that a profile is free to choose is in anything that Ansible evaluates.
 */
export const ansible: Output = {
  id: 'ansible',
  title: 'Role and playbook',
  readBy: '`ansible-playbook`, on the machine where you run it',
  takesEffect: 'When the playbook is played; the role has each host run `nettune-host`.',
  territory: ['playbook.yml', 'roles/'],
  absence: ({ host: { distribution } }) =>
    distribution.programs.systemd
      ? undefined
      : `the role needs systemd, and ansible-core 2.14 does not support the Python of ${distribution.title}`,
  gather: (plans, others) => {
    const [plan] = plans;
    if (!plans.some(({ host }) => host.distribution.programs.systemd)) return [];
    const carried = listCarried(others);
    const folder = `roles/${roleName(plan)}`;
    return [
      {
        path: 'playbook.yml',
        purpose: 'applies the role to the group of hosts',
        body: { template: 'ansible/playbook.yml', view: playbookView(plan, roleName(plan)) },
      },
      draftReadme(plans, carried, folder),
      ...TEXTS.map(([path, purpose]) => ({ path: `${folder}/${path}`, purpose, body: { text: `ansible/${path}` } })),
      {
        path: `${folder}/tasks/main.yml`,
        purpose: 'has the host program put everything into effect, or take it away',
        body: { template: 'ansible/tasks/main.yml', view: countMachines(plan) },
      },
      draftMeta(plans, folder),
      {
        path: `${folder}/vars/main.yml`,
        purpose: 'one text of all that goes to a host',
        body: { template: 'ansible/vars/main.yml', view: varsView(plan, carried, IN_OUTPUT_FOLDER) },
      },
    ];
  },
};

/** What goes to a host, of artifacts with paths below the profile's folder. */
export const listCarried = (artifacts: readonly Artifact[]): Artifact[] =>
  artifacts.filter(({ path }) => path === 'plan' || path.startsWith('etc/') || path.startsWith(`${MACHINES}/`));

/** A role's name has no dash. */
export const roleName = (plan: Plan): string => `nettune_${groupOf(plan)}`;

/** The group of hosts in the inventory; a group's name has no dash. */
export const groupOf = ({ name }: Plan): string => name.replaceAll('-', '_');

/** What the playbook says; `role` by the name under which Ansible finds it. */
export function playbookView(plan: Plan, role: string): View {
  return { name: plan.name, group: groupOf(plan), role };
}

function draftReadme(plans: Plans, carried: readonly Artifact[], folder: string): Draft {
  const [plan] = plans;
  const distributions = [...new Map(plans.map(({ host }) => [host.distribution.title, host.distribution])).values()];
  const view = {
    role: roleName(plan),
    id: groupOf(plan),
    name: plan.name,
    hosts: plans.map(describeMachine).join('; or with '),
    several: plans.length > 1 ? [{ count: plans.length }] : [],
    python: distributions.flatMap(({ oldPython, title }) =>
      oldPython === undefined ? [] : [{ version: oldPython, distribution: title }],
    ),
    leastMemory: plans.map(({ host, machine }) => leastMemory(host.memoryBytes, machine)).join(', or '),
    files: listFiles(plans, carried),
  };
  return {
    path: `${folder}/README.md`,
    purpose: 'what the role does, and how to run it',
    body: { template: 'ansible/README.md', view },
  };
}

function describeMachine({ host: { distribution, kernel, architecture, memoryBytes } }: Plan): string {
  return `${distribution.title}, kernel ${kernel[0]}.${kernel[1]} or newer, ${architecture.name} and ${formatSize(memoryBytes)} of memory`;
}

/** What a host may get, by the path that it has there. */
function listFiles(plans: Plans, carried: readonly Artifact[]): View[] {
  const paths = new Set(carried.map(({ path }) => path));
  const files = new Map(carried.map((artifact) => [withoutMachine(artifact.path), artifact]));
  return [...files].flatMap(([path, { purpose }]) => {
    if (!path.startsWith('etc/')) return [];
    const some = plans.filter((plan) => paths.has(placeOf(plan, path)));
    const isOfSome = !paths.has(path) && some.length < plans.length;
    return [{ path, purpose: isOfSome ? `${purpose} (${some.map(({ machine }) => machine).join(', ')})` : purpose }];
  });
}

function draftMeta(plans: Plans, folder: string): Draft {
  const platforms = new Map(
    plans.map(({ host: { distribution } }) => [Object.values(distribution.platform).join(), distribution.platform]),
  );
  const view = {
    role: roleName(plans[0]),
    description: `Network tuning of profile ${plans[0].name}`,
    platforms: [...platforms.values()].map(({ name, version }) => ({ name, version: JSON.stringify(version) })),
  };
  return {
    path: `${folder}/meta/main.yml`,
    purpose: 'what the role is for',
    body: { template: 'ansible/meta/main.yml', view },
  };
}

/** Where a role finds what it takes to hosts, from its own folder: around it, or within a role that stands alone. */
const IN_OUTPUT_FOLDER = { program: '../../../nettune-host', profile: '../..' };
export const IN_ROLE = { program: 'files/nettune-host', profile: 'files' };

/** What the role's variables hold: names of files, and where they lie. */
export function varsView(plan: Plan, carried: readonly Artifact[], { program, profile }: typeof IN_ROLE): View {
  return { ...countMachines(plan), name: plan.name, program, profile, carried: carried.map(({ path }) => path) };
}

/** Whether files may lie in folders of machines: one of `single` and `several` has an entry. */
function countMachines(plan: Plan): View {
  const here = [{ id: groupOf(plan) }];
  return {
    id: groupOf(plan),
    single: plan.machine === undefined ? here : [],
    several: plan.machine === undefined ? [] : here,
  };
}
