import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DistributionRow } from '../../src/distributions/distribution.ts';
import { DISTRIBUTIONS } from '../../src/distributions/distributions.ts';
import { httpdGeneration } from '../../src/distributions/httpd-generations.ts';
import { dialectOf } from '../../src/distributions/iptables-dialect.ts';
import { squidGeneration } from '../../src/distributions/squid-generations.ts';
import type { Architecture } from '../../src/values/host.ts';
import { CHECKOUT } from '../support/cli.ts';
import type { Verdicts } from '../support/ruleset.ts';
import { RULE_SETS } from '../support/rulesets.ts';

/** docs/hosts.md is made of the rows of src/distributions; `npm run golden` writes it anew. */
const PAGE = join(CHECKOUT, 'docs/hosts.md');

type Proof = 'run' | 'program' | 'table' | 'not tried';

/** The distribution whose programs the tests run. */
const HERE = 'debian-12';

const proofOf = ({ id }: DistributionRow): Proof => (id === HERE ? 'run' : 'program');

interface Column {
  readonly title: string;
  readonly cell: (row: DistributionRow) => string;
}

const code = (text: string) => `\`${text}\``;

const nameArchitecture = ({ name, pageBytes }: Architecture) =>
  `${code(name)}${pageBytes === 4096 ? '' : ` with pages of ${pageBytes / 1024} KiB`}`;

const PROGRAMS: readonly Column[] = [
  { title: 'kernel', cell: ({ kernel, backports }) => (backports ? `${kernel} (Red Hat ${backports})` : kernel) },
  { title: 'architectures', cell: ({ architectures }) => architectures.map(nameArchitecture).join(', ') },
  { title: 'iptables', cell: ({ programs }) => programs.iptables },
  { title: 'nft', cell: ({ programs }) => programs.nft ?? (programs.oldNft ? `${programs.oldNft}, too old` : '–') },
  { title: 'httpd', cell: ({ programs }) => programs.httpd },
  { title: 'Squid', cell: ({ programs }) => programs.squid },
  { title: 'systemd', cell: ({ programs }) => programs.systemd ?? '–' },
  { title: 'procps', cell: ({ programs }) => programs.procps },
  { title: '/etc/sysctl.conf', cell: ({ readsSysctlConf }) => (readsSysctlConf ? 'counts, and wins' : 'not read') },
];

const isOld = ({ programs }: DistributionRow) => programs.systemd === undefined;

/** `old`: how it was verified where the programs are too old to be had. */
const proven = (cell: (row: DistributionRow) => string, old: Proof) => (row: DistributionRow) =>
  `${cell(row)} (${isOld(row) ? old : proofOf(row)})`;

const AT_BOOT = {
  systemd: `${code('modprobe.d')}, ${code('modules-load.d')}, udev`,
  sysv: code('/etc/sysconfig/modules'),
};

const ARTIFACTS: readonly Column[] = [
  {
    title: 'kernel parameters',
    cell: proven((row) => `${code('/etc/sysctl.d')}${isOld(row) ? ' by an init script' : ''}`, 'table'),
  },
  {
    title: 'module',
    cell: proven(
      (row) =>
        isOld(row)
          ? `${code(row.readsModprobeFolder ? 'modprobe.d' : 'modprobe.conf')}, ${AT_BOOT.sysv}`
          : AT_BOOT.systemd,
      'program',
    ),
  },
  {
    title: 'packet rules',
    cell: proven((row) => (row.packetRules === 'iptables' ? spellRule(row) : 'a table of nft'), 'table'),
  },
  {
    title: 'packet rules beside nft, firewalld, ufw',
    cell: (row) => (row.programs.nft ? proven(() => 'a table of nft', 'program')(row) : 'refused'),
  },
  {
    title: 'packet rules at boot',
    cell: proven((row) => (isOld(row) ? 'init script' : 'systemd unit'), 'program'),
  },
  {
    title: 'Apache',
    cell: proven(
      ({ apache, programs }) =>
        `${code(apache.service)}, ${code(`/${apache.snippets}`)}, ${code(httpdGeneration(programs.httpd).names['MaxRequestWorkers'] ?? 'MaxRequestWorkers')}`,
      'program',
    ),
  },
  { title: 'Squid', cell: proven(readSquid, 'table') },
  { title: 'nginx', cell: proven(() => `lines for ${code('nginx.conf')}`, 'not tried') },
  {
    title: 'HAProxy',
    cell: proven(
      ({ family }) => (family === 'debian' ? 'a section of our own' : `lines for ${code('haproxy.cfg')}`),
      'not tried',
    ),
  },
  {
    title: code('gateway.helpers'),
    cell: (row) => (isOld(row) ? 'refused' : proven(assignHelper, 'table')(row)),
  },
  {
    title: 'descriptors',
    cell: proven((row) => (isOld(row) ? `${code('ulimit')}, ${code('/etc/sysconfig')}` : 'drop-in'), 'program'),
  },
  { title: 'Ansible', cell: (row) => (isOld(row) ? 'no role' : proven(() => 'role', 'program')(row)) },
];

function readSquid({ squid, programs }: DistributionRow): string {
  if (squid.isIncluded) return code(`/${squid.snippets}`);
  const { includes } = squidGeneration(programs.squid);
  return includes ? `${code(`/${squid.snippets}`)}, by a line in ${code('squid.conf')}` : `in ${code('squid.conf')}`;
}

function assignHelper({ packetRules }: DistributionRow): string {
  return packetRules === 'iptables' ? code('-j CT --helper') : 'a table of nft';
}

function spellRule({ programs }: DistributionRow): string {
  return code(`-j ${dialectOf(programs.iptables).untrack}`);
}

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

const VERDICTS: Verdicts = JSON.parse(readFileSync(join(CHECKOUT, 'test/kernel/rulesets/verdicts.json'), 'utf8'));

/** How many of them load; each counts once for every engine. */
function ruleSets(): string {
  const outcomes = Object.values(VERDICTS).flatMap((engines) => Object.values(engines).map(({ outcome }) => outcome));
  const loaded = outcomes.filter((outcome) => outcome === 'loads').length;
  return `${Object.keys(VERDICTS).length} rule sets were tried, most of them with both kinds of iptables: ${outcomes.length} hosts. On
${loaded} of them the rules load, and on ${outcomes.length - loaded} they are refused. No client of any host was harmed.`;
}

/** Engines with the same verdict share a row. */
function ruleSetRows(): string {
  const rows = Object.entries(VERDICTS).flatMap(([name, engines]) => {
    const sharing = new Map<string, string[]>();
    for (const [engine, { outcome, because }] of Object.entries(engines)) {
      const verdict = `${outcome} | ${because.map((line) => line.replaceAll('|', '\\|')).join('<br>')}`;
      sharing.set(verdict, [...(sharing.get(verdict) ?? []), engine]);
    }
    return [...sharing].map(([verdict, same]) => `| ${code(name)} | ${same.join(', ')} | ${verdict} |`);
  });
  return rows.join('\n');
}

const page = () => `# Hosts

Made of the rows in \`src/distributions\`, where each fact has its source, by \`npm run golden\`. Do not edit.

## What a distribution has

Versions as of the last updates that were seen, such as httpd 2.4.71 of Debian 12, and of the release where none were: not
what a host has that is never updated. What a distribution adds by patches is not told apart. Another kernel than the one here is for
\`host.kernel\`; then none of Red Hat's backports are reckoned with. Oracle Linux is meant with Red Hat's kernel.

${tableOf(PROGRAMS)}

## What it gets, and how that was verified

- **run**: applied with this very distribution's programs, read back, and used: connections, queues, restarts.
- **program**: read and accepted by the same program of Debian 12; its own version was not at hand.
- **table**: compared with a table of what that version knows, since no program of that age is to be had
  (\`test/support/old-iptables.ts\`, \`old-squid.ts\`, the catalogue of parameters). Packet rules were besides loaded and used with today's
  iptables, which was made to refuse whatever the table does not name.
- **not tried**: written by its documentation alone. Neither program is part of all these distributions.

HAProxy of Red Hat has limits in its own haproxy.cfg which no second file can change, and before 2.0 a limit for each frontend
besides: what Debian 12's HAProxy 2.6 does with such a file was tried, an older one was not.

${tableOf(ARTIFACTS)}

## What each filter gets, where served ports are untracked

| \`firewall.filter\` | rules that untrack | what lets untracked packets through | run with |
| --- | --- | --- | --- |
| \`none\` | raw table of iptables, or a table of nft where iptables is not to be relied on | nothing is needed; refused where a filter is found after all | iptables 1.8.9, both kinds; nft 1.0.6 |
| \`iptables\` | raw table of iptables | rules of ours, at places that the proof has accepted | iptables 1.8.9, both kinds |
| \`nftables\` | a table of nft | the filter's own rules where they have no state, or three files for it to include | nft 1.0.6 |
| \`firewalld\` | a table of nft | its own rules: a port of a zone is open without regard to states | firewalld 1.3.3 with nft |
| \`ufw\` | a table of nft | its own rules, by \`ufw allow\`; lines for \`before.rules\` where it denies what goes out | ufw 0.36.2 with iptables-nft |

Nothing is untracked before it is proven. The loader builds a copy of the host in network namespaces of its own: all packet
rules, sets, addresses, routes, and the kernel parameters that decide. In the copy, clients connect to every served port, first with the
host's rules alone and then with ours besides. A difference in IPv4 or IPv6 is a reason to refuse the rules, and the message names
it. A family in which no client reaches a served port stays tracked; \`load\`, \`status\`, \`apply\` and \`verify\` say so.

Every address that a rule or a set names is a client in the copy, and some that no rule names. Of many that are alike, such as
10,000 bans, a sample is tried: the first six, each at twice the distance, and the last.

A copy cannot show everything. Rules that count, choose at random, or ask the connection table or a program stay
reasons to refuse, where packets of a served port meet them: \`connlimit\`, \`recent\`, \`hashlimit\`, \`time\`,
\`owner\`, \`NFQUEUE\`, \`SYNPROXY\`, \`ct count\`, \`ct mark\` and their like. So do XDP programs, and filters of \`tc\` that are programs or ask the connection table.

A proof needs Linux namespaces, bash, util-linux 2.32, diffutils, and systemd-socket-activate with \`--inetd\` (systemd 230 and
later). It needs every program that shows rules: \`nft\` also beside iptables, as soon as the kernel uses nft. Where one is missing,
the ports stay tracked, unless the profile has \`conntrack.untracked.unproven\` with a reason.

The rules untrack for three seconds at a time. The guard, a service that \`apply\` installs, renews this lease as long as the
host's rules are the proven ones. When they change, it ends the lease at once, waits until they are quiet, and proves again. A
guard that is killed, or rules that somebody restores, leave a host that tracks its connections and serves them. On CentOS 5 and 6
there is no lease and no guard: rules that \`unproven\` lets in count until somebody takes them out.

ICMP errors about untracked packets report the path's MTU. To the connection table they are INVALID, and many filters drop
that before they accept ICMP. So these errors get an accept of their own, where the filter would accept them otherwise.

## Rule sets that were tried

${ruleSets()}

Each rule set lies in \`test/kernel/rulesets\`, written after public ones. The host has served ports, clients of all kinds, and open
connections. Sockets outside of the host connect to it before loading, while our rules are in place, and after unloading.
\`npm run test:long\` tries all of them; CI tries every sixth.

| rules | of | what \`nettune-host rules load\` does | what it says |
| --- | --- | --- | --- |
${ruleSetRows()}
`;

it('docs/hosts.md says what the rows say', () => {
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(join(CHECKOUT, 'docs'), { recursive: true });
    writeFileSync(PAGE, page());
  }
  expect(readFileSync(PAGE, 'utf8')).toBe(page());
});

it('has a verdict for every rule set there is', () => {
  const tried = Object.entries(VERDICTS).map(([name, engines]) => `${name} ${Object.keys(engines).sort()}`);
  expect(tried).toEqual(RULE_SETS.map(({ name, engines }) => `${name} ${[...engines].sort()}`));
});
