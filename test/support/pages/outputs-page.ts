import type { Profile } from '../../../generated/profile.ts';
import { DISTRIBUTIONS } from '../../../src/distributions/distributions.ts';
import type { Output } from '../../../src/outputs/output.ts';
import { OUTPUTS } from '../../../src/outputs/outputs.ts';
import { ROLES } from '../../../src/roles/roles.ts';
import type { Artifact } from '../../../src/values/artifact.ts';
import { compileProfile } from '../compile-profile.ts';
import { code, generatedFrom, page, table } from './markdown.ts';

type Distribution = (typeof DISTRIBUTIONS)[number];

/** A release of Red Hat stands for what is built from its sources. */
const RELEASES = DISTRIBUTIONS.filter(({ id, family }) => family === 'debian' || /^(rhel|amazon)-/.test(id));
type Role = Profile['role'];

/** What a profile says besides role and host, the usual first: a file is listed with the first that brings it. */
const CASES: readonly { readonly when: string; readonly profile: Partial<Profile> }[] = [
  { when: '', profile: {} },
  { when: '`server: nginx`', profile: { server: 'nginx' } },
  { when: '`server: haproxy`', profile: { server: 'haproxy' } },
  { when: '`gateway.helpers`', profile: { gateway: { wan: ['eth0'], helpers: ['ftp'] } } },
  ...(['iptables', 'nftables', 'firewalld', 'ufw'] as const).map((filter) => ({
    when: `untracked ports, \`filter: ${filter}\``,
    profile: { firewall: { filter }, conntrack: { untracked: { served: true } } },
  })),
  { when: '`tracking: none`', profile: { conntrack: { tracking: 'none' } } },
];

/** Names for what distributions have in common, the widest first. */
const GROUPS: readonly { readonly title: string; readonly has: (row: Distribution) => boolean }[] = [
  { title: 'yes', has: () => true },
  { title: 'with systemd', has: ({ programs }) => programs.systemd !== undefined },
  { title: 'without systemd', has: ({ programs }) => programs.systemd === undefined },
  { title: 'Debian, Ubuntu', has: ({ family }) => family === 'debian' },
  { title: "Red Hat's family", has: ({ family }) => family === 'redhat' },
  {
    title: "Red Hat's family with systemd",
    has: ({ family, programs }) => family === 'redhat' && programs.systemd !== undefined,
  },
];

interface Found {
  readonly path: string;
  readonly purpose: string;
  readonly output: string;
  readonly when: string;
  readonly role: Role;
  readonly distribution: Distribution;
}

/** docs/reference/outputs.md: what is rendered for every role on every distribution, and what the rows of src/outputs say of it. */
export function outputsPage(): string {
  const found = CASES.flatMap((each) =>
    ROLES.flatMap(({ role }) => RELEASES.flatMap((row) => render(each, role, row))),
  );
  return page(
    '# Outputs',
    generatedFrom('the rows in `src/outputs`, and what is rendered for each role and distribution'),
    'What is below `out/shop/` for a profile named `shop`: `etc/` mirrors the host, `plan` says what a host is to have, `playbook.yml` and `roles/` take both there with Ansible. Beside it lies `out/nettune-host`, the program that puts a plan into effect. A cell names the distributions, and what the profile has to say where it is not the usual one. `rhel-7` stands for its rebuilds as well. What each distribution has is in [hosts.md](../hosts.md).',
    table(
      ['output', 'about', 'read by'],
      OUTPUTS.map(({ id, title, readBy }) => [`[${code(id)}](#${id})`, title, readBy]),
    ),
    'No file of somebody else is replaced. Some files count only if such a file names them: then `nettune-host apply` adds one line at its end, and `nettune-host remove` takes it away. `--only sysctl,iptables` writes some outputs only.',
    OUTPUTS.flatMap((output) =>
      describeOutput(
        output,
        found.filter((each) => each.output === output.id),
      ),
    ),
  );
}

function render({ when, profile }: (typeof CASES)[number], role: Role, distribution: Distribution): Found[] {
  const { compiled, problems } = compileProfile({
    name: 'shop',
    role,
    host: { distribution: distribution.id, memory: '8GiB' },
    ...PORTS[role],
    ...(role === 'web-server' ? { apache: { mpm: distribution.apache.enabledMpm } } : {}),
    ...profile,
  });
  if (problems.some(({ severity }) => severity === 'error')) return [];
  return compiled.flatMap((each) =>
    each.artifacts().map((artifact) => ({ ...gather(artifact), when, role, distribution })),
  );
}

const PORTS: Readonly<Record<Role, Partial<Profile>>> = {
  'web-server': { traffic: { ports: [80] } },
  'squid-proxy': { traffic: { ports: [3128] } },
  'nat-gateway': {},
};

function gather({ path, purpose, output }: Artifact): Pick<Found, 'path' | 'purpose' | 'output'> {
  return { path: path.slice(path.indexOf('/') + 1), purpose, output };
}

function describeOutput({ id, title, readBy, takesEffect }: Output, found: readonly Found[]): string[] {
  const files = [...new Set(found.map(({ path, purpose }) => `${path}\n${purpose}`))];
  const rows = files.map((file) => {
    const same = found.filter(({ path, purpose }) => `${path}\n${purpose}` === file);
    const [path = '', purpose = ''] = file.split('\n');
    return [code(path), purpose, ...ROLES.map(({ role }) => describePlaces(same.filter((each) => each.role === role)))];
  });
  return [
    `## ${id}`,
    `${title}. Read by ${readBy}.`,
    `**In effect:** ${takesEffect}`,
    table(['file', 'what it does', ...ROLES.map(({ role }) => role)], rows),
  ];
}

/** With the first case that brings it. */
function describePlaces(found: readonly Found[]): string {
  const [first] = found;
  if (!first) return '–';
  const here = found.filter(({ when }) => when === first.when).map(({ distribution }) => distribution);
  return first.when === '' ? nameGroup(here) : `${nameGroup(here)}; ${first.when}`;
}

function nameGroup(rows: readonly Distribution[]): string {
  const group = GROUPS.find(({ has }) => RELEASES.every((row) => has(row) === rows.includes(row)));
  if (group) return group.title;
  const others = RELEASES.filter((row) => !rows.includes(row));
  return others.length < rows.length ? `all but ${nameEach(others)}` : nameEach(rows);
}

function nameEach(rows: readonly Distribution[]): string {
  return rows.map(({ id }) => id).join(', ');
}
