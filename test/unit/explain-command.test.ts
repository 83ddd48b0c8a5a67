import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Profile } from '../../generated/profile.ts';
import { formatPlanExplanation } from '../../src/report/format-explanation.ts';
import { formatMarkdown } from '../../src/report/format-markdown.ts';
import { plain } from '../../src/report/style.ts';
import { printableJson } from '../../src/text/printable.ts';
import type { Cause, Explanation, PlanExplanation } from '../../src/values/explanation.ts';
import { formatValue } from '../../src/values/format-value.ts';
import { arbitraryProfile, hostileText } from '../support/arbitrary-profile.ts';
import { callNettune } from '../support/call-nettune.ts';
import { CHECKOUT } from '../support/cli.ts';
import { compileProfile } from '../support/compile-profile.ts';
import { faultsOf } from '../support/schemas.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A page is a file in `explain-command/`, letter for letter; `npm run golden` writes them anew. */
const PAGES = join(dirname(fileURLToPath(import.meta.url)), 'explain-command');
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const CASES: Readonly<Record<string, readonly string[]>> = {
  'web-server': ['profiles/web-server.yaml'],
  'web-server-in-full': ['profiles/web-server.yaml', '--verbose'],
  'squid-proxy': ['profiles/squid-proxy.yaml'],
  'nat-gateway': ['profiles/nat-gateway.yaml'],
  'one-by-its-last-part': ['profiles/nat-gateway.yaml', 'nf_conntrack_max'],
  'one-by-a-part-of-its-name': ['profiles/web-server.yaml', 'time_wait'],
  'several-by-a-part-of-their-names': ['profiles/web-server.yaml', 'buckets'],
  'what-stays-at-its-default': ['profiles/web-server.yaml', 'tcp_fin_timeout'],
  'for-a-pull-request': ['profiles/squid-proxy.yaml', '--format', 'markdown'],
};

const explain = (...args: string[]) => callNettune(['explain', ...args], { cwd: CHECKOUT });

describe('nettune explain', () => {
  it.each(Object.entries(CASES))('%s', async (name, args) => {
    const { code, stdout, stderr } = await explain(...args);
    const path = join(PAGES, `${name}.txt`);
    if (UPDATE) writeFileSync(path, stdout);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: readFileSync(path, 'utf8'), stderr: '' });
  });

  it('says why rules are loaded unproven, and how far the table goes while they are not', async () => {
    const cwd = temporaryFolder({
      'small.yaml':
        'name: small\nextends: web-server\nhost: { memory: 4GiB }\nconntrack: { untracked: { unproven: no namespaces } }\n',
    });
    const words = (await callNettune(['explain', 'small.yaml'], { cwd })).stdout.replace(/\s+/g, ' ');
    expect(words).toContain(
      'The connection table is full at 68 % of this traffic (about 3,440 of 5,000 connections/s).',
    );
    expect(words).toContain('loads them all the same, because: no namespaces');
    const { profiles } = JSON.parse((await callNettune(['explain', 'small.yaml', '--format', 'json'], { cwd })).stdout);
    expect(profiles[0]).toMatchObject({ fallback: expect.stringContaining('68 %'), unproven: 'no namespaces' });
  });

  it('has nothing to say of a fallback where nothing is left untracked', async () => {
    expect((await explain('profiles/nat-gateway.yaml')).stdout).not.toMatch(/fallback|unproven/);
  });

  it('has no page that no case makes', () => {
    expect(readdirSync(PAGES).sort()).toEqual(
      Object.keys(CASES)
        .map((name) => `${name}.txt`)
        .sort(),
    );
  });

  it('says that a kernel of old is called by its old name, and finds it by both', async () => {
    const cwd = temporaryFolder({ 'old.yaml': 'name: old\nextends: nat-gateway\nhost: { kernel: "2.6.18" }\n' });
    const byOld = (await callNettune(['explain', 'old.yaml', 'ip_conntrack_max'], { cwd })).stdout;
    expect(byOld).toMatch(/^net\.ipv4\.netfilter\.ip_conntrack_max = \d+ entries\n/);
    expect((await callNettune(['explain', 'old.yaml', 'net.netfilter.nf_conntrack_max'], { cwd })).stdout).toBe(byOld);
  });

  it('warns of what is so with the server of the profile, and with no other', async () => {
    const cwd = temporaryFolder({ 'front.yaml': 'name: front\nextends: web-server\nserver: nginx\napache: null\n' });
    const limitOf = async (path: string) => (await callNettune(['explain', path, 'LimitNOFILE'], { cwd })).stdout;
    expect(await limitOf(join(CHECKOUT, 'profiles/web-server.yaml'))).toMatch(
      /apachectl sets its own limit.*apache2ctl/s,
    );
    for (const path of ['front.yaml', join(CHECKOUT, 'profiles/squid-proxy.yaml')]) {
      expect(await limitOf(path)).toContain('Above fs.nr_open the unit does not start.');
      expect(await limitOf(path)).not.toMatch(/apache/i);
    }
  });

  it('explains a plan that has problems, says them beside it, and exits with 1', async () => {
    const cwd = temporaryFolder({
      'shop.yaml':
        'name: shop\nextends: web-server\nsysctl: { net.core.somaxconn: { value: 64, because: small } }\napache: { listenBacklog: 128 }\n',
    });
    const { code, stdout, stderr } = await callNettune(['explain', 'shop.yaml', 'somaxconn'], { cwd });
    expect({ code, value: stdout.split('\n')[0] }).toEqual({ code: 1, value: 'net.core.somaxconn = 64 connections' });
    expect(stdout).toContain(
      'from          sysctl.net.core.somaxconn: {"value":64,"because":"small"} (shop.yaml:3:11)',
    );
    expect(stderr).toContain('[accept-queue-not-truncated]');
  });

  it('refuses a parameter that nobody knows', async () => {
    const { code, stderr } = await explain('profiles/web-server.yaml', 'net.core.somxconn');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: nettune does not know the parameter `net.core.somxconn`: did you mean net.core.somaxconn?\n',
    });
  });

  it.each([
    ['web-serv', 'error: web-serv: no such file or folder (did you mean `web-server`, which is shipped?)\n'],
    ['nat', 'error: nat: no such file or folder (did you mean `nat-gateway`, which is shipped?)\n'],
    ['shop', 'error: shop: no such file or folder, and no glob that matches any\n'],
  ])('suggests for %s, which is not there, a shipped profile if one is alike', async (path, stderr) => {
    expect(await explain(path)).toEqual({ code: 2, stdout: '', stderr });
  });

  it('says nothing of a profile that cannot be read, but what is wrong with it', async () => {
    const cwd = temporaryFolder({ 'shop.yaml': 'name: shop\nextends: web-servr\n' });
    const { code, stdout, stderr } = await callNettune(['explain', 'shop.yaml'], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('did you mean `web-server`?');
  });
});

describe('the formula of a value, with its numbers', () => {
  const GATEWAY = 'name: office\nextends: nat-gateway\n';
  const WEB = 'name: shop\nextends: web-server\n';
  const PROXY = 'name: proxy\nextends: squid-proxy\n';
  const cut = 'traffic: { neighbours: 60000 }\nhost: { memory: 2GiB }\n';

  it.each`
    parameter                | profile                                                                                                        | says
    ${'nf_conntrack_max'}    | ${GATEWAY}                                                                                                     | ${'= 162,000 entries, 243,000 with headroom 1.5, rounded up to a power of two. Takes'}
    ${'nf_conntrack_max'}    | ${`${GATEWAY}traffic: { connectionsPerSecond: 3000 }\n`}                                                       | ${'= 810,000 entries, 1,215,000 with headroom 1.5, rounded up'}
    ${'nf_conntrack_max'}    | ${`${GATEWAY}host: { memory: 512MiB }\n`}                                                                      | ${'Cut to 136,192: 10 % of 512 MiB has room for 136,956 of 392 bytes with their buckets.'}
    ${'nf_conntrack_max'}    | ${`${WEB}host: { memory: 1100MiB }\nconntrack: { untracked: { served: false } }\n`}                            | ${"Cut to 65,536, the kernel's default: 2 % of 1.1 GiB has room for 58,848 of 392 bytes"}
    ${'nf_conntrack_max'}    | ${`${GATEWAY}traffic: null\n`}                                                                                 | ${'No traffic figures: 8 GiB / 16384 / 2 = 262,144 entries. Takes'}
    ${'hashsize'}            | ${`${GATEWAY}host: { kernel: "5.10" }\n`}                                                                      | ${'262,144 entries, one bucket for 4 of them, as the kernel does: 65,536; rounded up to whole pages of 512. Loading the module with it sets nf_conntrack_max to 8 × 65,536 = 524,288'}
    ${'hashsize'}            | ${`${GATEWAY}conntrack: { buckets: 20000 }\n`}                                                                 | ${'Set by the profile: 20,000; rounded up to whole pages of 512: 20,480.'}
    ${'ip_conntrack_max'}    | ${`${GATEWAY}host: { kernel: "2.6.18" }\n`}                                                                    | ${'= 162,000 entries, 243,000 with headroom 1.5'}
    ${'gc_thresh1'}          | ${GATEWAY}                                                                                                     | ${'A quarter of the second threshold, 1,024,'}
    ${'gc_thresh2'}          | ${GATEWAY}                                                                                                     | ${'600 neighbours, 900 with headroom 1.5, rounded up'}
    ${'gc_thresh2'}          | ${GATEWAY + cut}                                                                                               | ${'60,000 neighbours, 90,000 with headroom 1.5, cut to 16,384: no more than twice as many of 512 bytes fit 1 % of memory.'}
    ${'gc_thresh3'}          | ${GATEWAY}                                                                                                     | ${'Twice the second threshold, 1,024,'}
    ${'tcp_max_syn_backlog'} | ${WEB}                                                                                                         | ${'Equal to net.core.somaxconn, 8,192. somaxconn'}
    ${'tcp_max_syn_backlog'} | ${`${WEB}host: { kernel: "3.10" }\n`}                                                                          | ${'Equal to net.core.somaxconn, 8,192: on this kernel'}
    ${'tcp_max_tw_buckets'}  | ${WEB}                                                                                                         | ${'= 315,000 sockets in TIME_WAIT, 472,500 with headroom 1.5, rounded up'}
    ${'LimitNOFILE'}         | ${PROXY}                                                                                                       | ${'As many as max_filedescriptors, 32,768:'}
    ${'ServerLimit'}         | ${`${WEB}apache: { mpm: prefork }\n`}                                                                          | ${'One process for each of the 128 workers.'}
    ${'ip_conntrack_max'}    | ${`${GATEWAY}host: { distribution: centos-5, architecture: i686, memory: 1GiB }\ntraffic: null\n`}             | ${'1 GiB / 16384 / 1 = 65,536 entries'}
    ${'nf_conntrack_max'}    | ${`${GATEWAY}host: { distribution: centos-6, architecture: i686 }\ntraffic: { connectionsPerSecond: 3000 }\n`} | ${'10 % of 896 MiB, all that a kernel of 32 bits has for itself, has room for 249,210 of 377 bytes'}
  `('$parameter: $says', async ({ parameter, profile, says }) => {
    const cwd = temporaryFolder({ 'profile.yaml': profile });
    const { stdout } = await callNettune(['explain', 'profile.yaml', parameter, '--format', 'json'], { cwd });
    const [{ decisions }] = JSON.parse(stdout).profiles;
    expect(decisions[0].reason).toContain(says);
  });
});

describe('the price of a value', () => {
  it.each`
    parameter             | kernel      | says
    ${'nf_conntrack_max'} | ${'6.1'}    | ${'98 MiB when used up'}
    ${'hashsize'}         | ${'6.1'}    | ${'2 MiB, used or not'}
    ${'hashsize'}         | ${'5.10'}   | ${'512 KiB, used or not'}
    ${'hashsize'}         | ${'2.6.18'} | ${'512 KiB, used or not'}
  `('$parameter on $kernel: $says', async ({ parameter, kernel, says }) => {
    const profile = `name: office\nextends: nat-gateway\nhost: { kernel: "${kernel}" }\n`;
    const cwd = temporaryFolder({ 'office.yaml': profile });
    expect((await callNettune(['explain', 'office.yaml', parameter], { cwd })).stdout).toContain(
      `costs         ${says}`,
    );
  });
});

describe('an explanation for a pull request', () => {
  it('has all that the one for programs has', async () => {
    const cwd = temporaryFolder({
      'old.yaml': 'name: old\nextends: web-server\nhost: { distribution: centos-7 }\ntraffic: { neighbours: 900 }\n',
      'free.yaml': 'name: free\nextends: web-server\nconntrack: { tracking: none, timeouts: null }\n',
    });
    const page = (await callNettune(['explain', '.', '--format', 'markdown'], { cwd })).stdout.replaceAll('\\', '');
    const { profiles } = JSON.parse((await callNettune(['explain', '.', '--format', 'json'], { cwd })).stdout);
    const words = profiles.flatMap(({ decisions, omissions }: PlanExplanation) => [
      ...decisions.flatMap(({ name, unit, reason, rule, causes, others, artifacts, dangers, effect, source }) => [
        ...[name, unit, reason, rule.id, rule.source, effect?.when, effect?.existing, source],
        ...[
          ...causes.flatMap(wordsOf),
          ...artifacts,
          ...dangers,
          ...others.flatMap((other) => [other.who, other.source]),
        ],
      ]),
      ...omissions.flatMap(({ subject, reason, causes }) => [subject, reason, ...causes.flatMap(wordsOf)]),
    ]);
    expect(words.length).toBeGreaterThan(300);
    expect(words.filter((each: string | undefined) => each && !page.includes(each))).toEqual([]);
  });

  const wordsOf = ({ path, place }: Cause) => [path, ...(place ? [`${place.file}:${place.line}:${place.column}`] : [])];
});

describe('what others would have chosen', () => {
  it.each(['debian-12', 'centos-7', 'centos-5'])('of hash buckets on %s', async (distribution) => {
    const profile = `name: office\nextends: nat-gateway\nhost: { distribution: ${distribution} }\n`;
    const cwd = temporaryFolder({ 'office.yaml': profile });
    const { stdout } = await callNettune(['explain', 'office.yaml', 'hashsize', '--format', 'json'], { cwd });
    const [decision] = JSON.parse(stdout).profiles[0].decisions as Explanation[];
    expect(Object.fromEntries(decision?.others.map(({ who, value }) => [who, value]) ?? [])).toEqual({
      'the memory rule': 32768,
      'kube-proxy': 32768,
      "tuned's openshift profile": 1048576,
    });
  });
});

describe('what nobody has read for certain', () => {
  const DOUBT = '(not certain for this kernel)';
  const tcpRmem = 'sysctl: { net.ipv4.tcp_rmem: { value: 4096 131072 8388608, because: a test } }';
  const explainOn = async (host: string, ...args: string[]) => {
    const profile = `name: shop\nextends: web-server\nhost: ${host}\n${tcpRmem}\n`;
    return (await callNettune(['explain', 'shop.yaml', ...args], { cwd: temporaryFolder({ 'shop.yaml': profile }) }))
      .stdout;
  };

  it.each([
    { host: '{ distribution: rhel-9 }', isDoubtful: false },
    { host: '{ distribution: rhel-10 }', isDoubtful: false },
    { host: '{ distribution: rhel-8 }', isDoubtful: false },
    { host: '{ kernel: "6.14" }', isDoubtful: false },
    { host: '{ kernel: "6.16" }', isDoubtful: true },
    { host: '{ kernel: "6.18" }', isDoubtful: false },
  ])('is told as such of a default: $host', async ({ host, isDoubtful }) => {
    expect((await explainOn(host, 'tcp_rmem')).includes(DOUBT)).toBe(isDoubtful);
    const { decisions } = JSON.parse(await explainOn(host, 'tcp_rmem', '--format', 'json')).profiles[0];
    expect(decisions[0].kernelDefault.unverified).toBe(isDoubtful || undefined);
    expect((await explainOn(host, 'tcp_rmem', '--format', 'markdown')).includes('not certain for this kernel')).toBe(
      isDoubtful,
    );
  });

  it.each(['rhel-5', 'rhel-6', 'rhel-7', 'rhel-8', 'rhel-9', 'rhel-10'])(
    'is nothing about the whole kernel of %s, which was read',
    async (distribution) => {
      expect(await explainOn(`{ distribution: ${distribution} }`)).not.toContain('nobody has read');
    },
  );
});

describe('explanations for programs', () => {
  it('are as their schema describes them', async () => {
    const parsed = JSON.parse((await explain('profiles', '--format', 'json')).stdout);
    expect(parsed.profiles).toHaveLength(3);
    expect(faultsOf('explain', parsed)).toEqual([]);
    expect(faultsOf('explain', { version: 1, profiles: [{ decisions: [{ name: 'x' }] }] })).not.toEqual([]);
  });

  it('point at the line and column where each cause is written, and name those that the profile leaves out', async () => {
    const { profiles } = JSON.parse((await explain('profiles', '--format', 'json')).stdout);
    const causes = profiles.flatMap(({ decisions }: { decisions: { causes: unknown[] }[] }) =>
      decisions.flatMap((decision) => decision.causes),
    );
    expect(causes.length).toBeGreaterThan(40);
    for (const { path, place, written } of causes.filter((cause: { place?: unknown }) => cause.place !== undefined)) {
      const line = readFileSync(join(CHECKOUT, place.file), 'utf8').split('\n')[place.line - 1] ?? '';
      const isValue = typeof written !== 'object';
      expect(isValue ? line.slice(place.column - 1) : line, path).toContain(
        isValue ? String(written) : path.split('.').at(-1),
      );
    }
  });
});

/** The comment above a line, put together again. */
function commentAbove(content: string, line: string): string {
  const paragraph = content.split(`\n${line}\n`)[0]?.split('\n\n').at(-1) ?? '';
  return paragraph
    .split('\n')
    .map((each) => each.replace(/^# /, ''))
    .join(' ');
}

describe('a reason', () => {
  it('is the same in the artifact and in the explanation, for any profile', () => {
    fc.assert(
      fc.property(arbitraryProfile(), (profile: Profile) => {
        const [compiled] = compileProfile(profile).compiled;
        const content = compiled?.artifacts().find(({ path }) => path.includes('/etc/sysctl.d/'))?.content ?? '';
        const carried =
          compiled?.explain().decisions.filter(({ artifacts }) => /sysctl\.d/.test(artifacts.join())) ?? [];
        expect(carried.length).toBeGreaterThan(0);
        const above = carried.map(({ name, value }) => commentAbove(content, `${name} = ${formatValue(value)}`));
        const lacking = carried.filter(({ reason }, index) => !above[index]?.includes(reason.replace(/[.]$/, '')));
        expect(lacking).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('of a stranger is code in a pull request, and ends no cell', () => {
    fc.assert(
      fc.property(arbitraryProfile(hostileText), (profile) => {
        for (const { explain: explainAll } of compileProfile(profile).compiled) {
          const lines = formatMarkdown(explainAll()).split('\n');
          const told = lines.slice(4).filter((line) => !/^<\/?details>/.test(line));
          const rows = told.filter((line) => line.startsWith('|'));
          expect(rows.filter((row) => row.match(/(?<!\\)\|/g)?.length !== 8)).toEqual([]);
          expect(told.filter((line) => /(?<!\\)[<>`[]|@/.test(line.replace(/`[^`]*`|<br>/g, '')))).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('of a stranger starts no command of a CI system, and shows as text', () => {
    const words = fc.array(fc.constantFrom('::error::x', '##vso[x]', '\u009b2J', '\u202e', 'w'.repeat(40)), {
      minLength: 3,
    });
    fc.assert(
      fc.property(arbitraryProfile(words.map((each) => each.join(' ').slice(0, 290))), (profile) => {
        for (const { explain: explainAll } of compileProfile(profile).compiled) {
          const text = formatPlanExplanation(explainAll(), plain);
          expect(text).not.toMatch(/^\s*::|##[\w.]*\[|[^\P{C}\n]/mu);
          const json = printableJson(explainAll());
          expect(json).not.toMatch(/##[\w.]*\[|[^\P{C}\n]/u);
          expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(explainAll())));
        }
      }),
      { numRuns: 200 },
    );
  });
});
