import { templates } from '#generated/templates.js';
import { groupOf, IN_ROLE, listCarried, playbookView, roleName, varsView } from './outputs/ansible.ts';
import type { View } from './outputs/output.ts';
import { hostProgram } from './render-artifacts.ts';
import { fillTemplate } from './text/fill-template.ts';
import { putHeader } from './text/header.ts';
import type { Artifact } from './values/artifact.ts';
import { type Collection, collectionFolder, fullName } from './values/collection.ts';
import type { Plan } from './values/plan.ts';

/** A profile, by one of its plans, and all that was rendered of it. */
export interface Rendered {
  readonly plan: Plan;
  readonly artifacts: readonly Artifact[];
}

/** Files of the collection itself: path, template, purpose. */
const FILES = [
  ['galaxy.yml', 'collection/galaxy.yml', 'names the collection, for ansible-galaxy'],
  ['meta/runtime.yml', 'collection/runtime.yml', 'the versions of Ansible that can run it'],
  ['README.md', 'collection/README.md', 'what is in it, and how to run it'],
  ['CHANGELOG.md', 'collection/CHANGELOG.md', 'where to look for changes'],
  ['inventory.example.yml', 'collection/inventory.yml', 'the groups that the playbooks play on'],
] as const;

/** The roles of all profiles that have one, as a collection of Ansible's, with a playbook for each. */
export function renderCollection(rendered: readonly Rendered[], collection: Collection): Artifact[] {
  const withRole = rendered.filter(({ artifacts }) => artifacts.some(({ path }) => ROLE.test(path)));
  const plans = withRole.map(({ plan }) => plan);
  const view = describe(plans, collection);
  return [
    ...FILES.map(([path, template, purpose]) => asArtifact(path, template, view, purpose, collection)),
    ...plans.map((plan) =>
      asArtifact(
        playbookPath(plan),
        'ansible/playbook.yml',
        playbookView(plan, `${fullName(collection)}.${roleName(plan)}`),
        'applies its role to the group of hosts',
        collection,
      ),
    ),
    ...withRole.flatMap((each) => copyRole(each, collection)),
  ];
}

/** A file of a role, below the output folder. */
const ROLE = /^[^/]+\/(roles\/.+)$/;

/** A role that stands alone: with the files and the program that it takes to hosts. */
function copyRole({ plan, artifacts }: Rendered, collection: Collection): Artifact[] {
  const folder = `${collectionFolder(collection)}/roles/${roleName(plan)}`;
  const carried = listCarried(
    artifacts.map((artifact) => ({ ...artifact, path: artifact.path.slice(plan.name.length + 1) })),
  );
  return [
    ...artifacts.flatMap((artifact) => {
      const below = ROLE.exec(artifact.path)?.[1];
      if (below === undefined) return [];
      const path = `${collectionFolder(collection)}/${below}`;
      return [
        below.endsWith('/vars/main.yml')
          ? { ...artifact, path, content: fillVars(plan, carried) }
          : { ...artifact, path },
      ];
    }),
    ...[hostProgram, ...carried].map((artifact) => ({
      ...artifact,
      path: `${folder}/files/${artifact.path}`,
      output: 'ansible',
      purpose: `${artifact.purpose}; a copy for the role`,
    })),
  ];
}

const fillVars = (plan: Plan, carried: readonly Artifact[]): string =>
  putHeader(
    'vars/main.yml',
    fillTemplate('ansible/vars/main.yml', templates['ansible/vars/main.yml'], varsView(plan, carried, IN_ROLE)),
    plan,
  );

/** Names of playbooks in a collection have no dash. */
const playbookPath = (plan: Plan): string => `playbooks/${groupOf(plan)}.yml`;

function describe(plans: readonly Plan[], collection: Collection): View {
  const { namespace, name, version } = collection;
  const full = fullName(collection);
  return {
    namespace,
    name,
    version,
    collection: full,
    archive: `${namespace}-${name}-${version}.tar.gz`,
    first: `${full}.${plans[0] ? groupOf(plans[0]) : ''}`,
    profiles: plans.map((plan) => ({
      name: plan.name,
      group: groupOf(plan),
      host: `${plan.name}-1.example.com`,
      role: `${full}.${roleName(plan)}`,
      playbook: `${full}.${groupOf(plan)}`,
    })),
  };
}

function asArtifact(path: string, template: string, view: View, purpose: string, collection: Collection): Artifact {
  const text = fillTemplate(template, templates[template], view);
  return {
    path: `${collectionFolder(collection)}/${path}`,
    mode: 0o644,
    content: putHeader(path, text, { collection: fullName(collection) }),
    output: 'ansible',
    purpose,
    carries: [],
  };
}
