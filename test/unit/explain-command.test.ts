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
import { formatValue } from '../../src/values/format-value.ts';
import { arbitraryProfile, hostileText } from '../support/arbitrary-profile.ts';
import { CHECKOUT, nettune } from '../support/cli.ts';
import { compileProfile } from '../support/compile-profile.ts';
import { faultsOf } from '../support/schemas.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** A page is a file in `explain-command/`, letter for letter; `npm run golden` writes them anew. */
const PAGES = join(dirname(fileURLToPath(import.meta.url)), 'explain-command');
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

const CASES: Readonly<Record<string, readonly string[]>> = {
  'web-server': ['profiles/web-server.yaml'],
  'squid-proxy': ['profiles/squid-proxy.yaml'],
  'nat-gateway': ['profiles/nat-gateway.yaml'],
  'one-by-its-last-part': ['profiles/nat-gateway.yaml', 'nf_conntrack_max'],
  'one-by-a-part-of-its-name': ['profiles/web-server.yaml', 'time_wait'],
  'several-by-a-part-of-their-names': ['profiles/web-server.yaml', 'buckets'],
  'what-stays-at-its-default': ['profiles/web-server.yaml', 'tcp_fin_timeout'],
  'for-a-pull-request': ['profiles/squid-proxy.yaml', '--format', 'markdown'],
};

const explain = (...args: string[]) => nettune(['explain', ...args], { cwd: CHECKOUT });

describe('nettune explain', () => {
  it.each(Object.entries(CASES))('%s', (name, args) => {
    const { code, stdout, stderr } = explain(...args);
    const path = join(PAGES, `${name}.txt`);
    if (UPDATE) writeFileSync(path, stdout);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: readFileSync(path, 'utf8'), stderr: '' });
  });

  it('has no page that no case makes', () => {
    expect(readdirSync(PAGES).sort()).toEqual(
      Object.keys(CASES)
        .map((name) => `${name}.txt`)
        .sort(),
    );
  });

  it('says that a kernel of old is called by its old name, and finds it by both', () => {
    const cwd = temporaryFolder({ 'old.yaml': 'name: old\nextends: nat-gateway\nhost: { kernel: "2.6.18" }\n' });
    const byOld = nettune(['explain', 'old.yaml', 'ip_conntrack_max'], { cwd }).stdout;
    expect(byOld).toMatch(/^net\.ipv4\.netfilter\.ip_conntrack_max = \d+ entries\n/);
    expect(nettune(['explain', 'old.yaml', 'net.netfilter.nf_conntrack_max'], { cwd }).stdout).toBe(byOld);
  });

  it('explains a plan that has problems, says them beside it, and exits with 1', () => {
    const cwd = temporaryFolder({
      'shop.yaml':
        'name: shop\nextends: web-server\nsysctl: { net.core.somaxconn: { value: 64, because: small } }\napache: { listenBacklog: 128 }\n',
    });
    const { code, stdout, stderr } = nettune(['explain', 'shop.yaml', 'somaxconn'], { cwd });
    expect({ code, value: stdout.split('\n')[0] }).toEqual({ code: 1, value: 'net.core.somaxconn = 64 connections' });
    expect(stdout).toContain(
      'from          sysctl.net.core.somaxconn: {"value":64,"because":"small"} (shop.yaml:3:11)',
    );
    expect(stderr).toContain('[accept-queue-not-truncated]');
  });

  it('refuses a parameter that nobody knows', () => {
    const { code, stderr } = explain('profiles/web-server.yaml', 'net.core.somxconn');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'error: nettune does not know the parameter `net.core.somxconn`: did you mean net.core.somaxconn?\n',
    });
  });

  it.each([
    ['web-serv', 'error: web-serv: no such file or folder (did you mean `web-server`, which is shipped?)\n'],
    ['nat', 'error: nat: no such file or folder (did you mean `nat-gateway`, which is shipped?)\n'],
    ['shop', 'error: shop: no such file or folder, and no glob that matches any\n'],
  ])('suggests for %s, which is not there, a shipped profile if one is alike', (path, stderr) => {
    expect(explain(path)).toEqual({ code: 2, stdout: '', stderr });
  });

  it('says nothing of a profile that cannot be read, but what is wrong with it', () => {
    const cwd = temporaryFolder({ 'shop.yaml': 'name: shop\nextends: web-servr\n' });
    const { code, stdout, stderr } = nettune(['explain', 'shop.yaml'], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('did you mean `web-server`?');
  });
});

describe('explanations for programs', () => {
  it('are as their schema describes them', () => {
    const parsed = JSON.parse(explain('profiles', '--format', 'json').stdout);
    expect(parsed.profiles).toHaveLength(3);
    expect(faultsOf('explain', parsed)).toEqual([]);
    expect(faultsOf('explain', { version: 1, profiles: [{ decisions: [{ name: 'x' }] }] })).not.toEqual([]);
  });

  it('point at the line and column where each cause is written', () => {
    const { profiles } = JSON.parse(explain('profiles', '--format', 'json').stdout);
    const causes = profiles.flatMap(({ decisions }: { decisions: { causes: unknown[] }[] }) =>
      decisions.flatMap((decision) => decision.causes),
    );
    expect(causes.length).toBeGreaterThan(40);
    for (const { path, place, written } of causes) {
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
        for (const { name, value, reason } of carried)
          expect(commentAbove(content, `${name} = ${formatValue(value)}`)).toContain(reason.replace(/[.]$/, ''));
      }),
      { numRuns: 200 },
    );
  });

  it('of a stranger is code in a pull request, and ends no cell', () => {
    fc.assert(
      fc.property(arbitraryProfile(hostileText), (profile) => {
        for (const { explain: explainAll } of compileProfile(profile).compiled) {
          const lines = formatMarkdown(explainAll()).split('\n');
          for (const line of lines.slice(4)) {
            if (line.startsWith('|')) expect(line.match(/(?<!\\)\|/g)).toHaveLength(8);
            expect(line.replace(/`[^`]*`|<br>/g, '')).not.toMatch(/(?<!\\)[<>`[]|@/);
          }
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
