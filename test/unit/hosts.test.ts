import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DistributionRow } from '../../src/distributions/distribution.ts';
import { DISTRIBUTIONS } from '../../src/distributions/distributions.ts';
import { CHECKOUT } from '../support/cli.ts';

/** docs/hosts.md is made of the rows of src/distributions; `npm run golden` writes it anew. */
const PAGE = join(CHECKOUT, 'docs/hosts.md');

type Proof = 'run' | 'program';

/** The distribution whose programs the tests run. */
const HERE = 'debian-12';

const proofOf = ({ id }: DistributionRow): Proof => (id === HERE ? 'run' : 'program');

interface Column {
  readonly title: string;
  readonly cell: (row: DistributionRow) => string;
}

const code = (text: string) => `\`${text}\``;

const PROGRAMS: readonly Column[] = [
  { title: 'kernel', cell: ({ kernel, backports }) => (backports ? `${kernel} (Red Hat ${backports})` : kernel) },
  { title: 'iptables', cell: ({ programs }) => programs.iptables },
  { title: 'nft', cell: ({ programs }) => programs.nft ?? '–' },
  { title: 'httpd', cell: ({ programs }) => programs.httpd },
  { title: 'Squid', cell: ({ programs }) => programs.squid },
  { title: 'systemd', cell: ({ programs }) => programs.systemd },
  { title: 'procps', cell: ({ programs }) => programs.procps },
  { title: '/etc/sysctl.conf', cell: ({ readsSysctlConf }) => (readsSysctlConf ? 'counts, and wins' : 'not read') },
];

const proven = (cell: (row: DistributionRow) => string) => (row: DistributionRow) => `${cell(row)} (${proofOf(row)})`;

const ARTIFACTS: readonly Column[] = [
  { title: 'kernel parameters', cell: proven(() => code('/etc/sysctl.d')) },
  { title: 'module', cell: proven(() => `${code('modprobe.d')}, ${code('modules-load.d')}, udev`) },
  {
    title: 'packet rules',
    cell: (row) => (row.packetRules === 'iptables' ? proven(() => code('-j CT --notrack'))(row) : 'not yet: nftables'),
  },
  { title: 'Apache', cell: proven(({ apache }) => `${code(apache.service)}, ${code(`/${apache.snippets}`)}`) },
  { title: 'Ansible', cell: proven(() => 'role') },
];

/** Names of one release that differ in nothing but their names. */
function groupRebuilds(): DistributionRow[][] {
  const groups = new Map<string, DistributionRow[]>();
  for (const row of DISTRIBUTIONS) {
    const { id, title, facts, ...rest } = row;
    const key = JSON.stringify([rest, facts.majorVersion]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()];
}

function tableOf(columns: readonly Column[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = groupRebuilds().map((group) => {
    const [first] = group as [DistributionRow];
    return line([group.map(({ id }) => code(id)).join(' '), ...columns.map(({ cell }) => cell(first))]);
  });
  return [
    line(['`host.distribution`', ...columns.map(({ title }) => title)]),
    line(['', ...columns].map(() => '---')),
    ...rows,
  ].join('\n');
}

const page = () => `# Hosts

Made of the rows in \`src/distributions\`, where each fact has its source, by \`npm run golden\`. Do not edit.

## What a distribution has

Versions as released: what a distribution adds to them is not told apart. Another kernel than the one here is for
\`host.kernel\`; then none of Red Hat's backports are reckoned with. Oracle Linux is meant with Red Hat's kernel.

${tableOf(PROGRAMS)}

## What it gets, and how that was verified

- **run**: applied with this very distribution's programs, read back, and used: connections, queues, restarts.
- **program**: read and accepted by the same program of Debian 12; its own version was not at hand.

${tableOf(ARTIFACTS)}
`;

it('docs/hosts.md says what the rows say', () => {
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(join(CHECKOUT, 'docs'), { recursive: true });
    writeFileSync(PAGE, page());
  }
  expect(readFileSync(PAGE, 'utf8')).toBe(page());
});
