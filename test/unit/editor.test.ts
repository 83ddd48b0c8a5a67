import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callNettune } from '../support/call-nettune.ts';
import { CHECKOUT } from '../support/cli.ts';
import { startLanguageServer } from '../support/language-server.ts';
import { temporaryFolderFor } from '../support/temporary.ts';

/** What tells an editor where the schema is, as the README shows it. */
const MODELINE = '# yaml-language-server: $schema=./profile.schema.json\n';

let server: Awaited<ReturnType<typeof startLanguageServer>>;

beforeAll(async () => {
  const folder = temporaryFolderFor(afterAll);
  writeFileSync(join(folder, 'profile.schema.json'), (await callNettune(['schema'])).stdout);
  server = await startLanguageServer(folder);
});

afterAll(() => server.stop());

let opened = 0;
const open = (text: string) => server.open(`${++opened}.yaml`, MODELINE + text);

/** The snippet that an editor puts at the cursor, with its places to fill in. */
async function offer(text: string, label: string): Promise<string | undefined> {
  return (await open(text).complete()).get(label)?.insertText;
}

async function listOffers(text: string): Promise<string[]> {
  return [...(await open(text).complete()).keys()];
}

describe('an editor completes', () => {
  it('the keys of a profile, and a whole one that extends a shipped profile', async () => {
    const labels = await listOffers('name: shop\n|');
    expect(labels).toEqual(expect.arrayContaining(['extends', 'role', 'host', 'traffic', 'conntrack', 'allow']));
    expect(labels).not.toContain('name');
    expect(await offer('|', 'profile on a shipped base')).toMatch(
      /^name: \$\{1:shop-web\}\nextends: \$\{2\|web-server,squid-proxy,nat-gateway\|\}\nhost:\n/,
    );
  });

  it('the keys of traffic, with figures to replace', async () => {
    const labels = await listOffers('traffic:\n  |');
    expect(labels).toEqual(expect.arrayContaining(['ports', 'connectionsPerSecond', 'outbound', 'longestIdle']));
    expect(await offer('traffic:\n  |', 'connectionsPerSecond')).toMatch(/^connectionsPerSecond: \$\{1:5000\}$/);
    expect(await offer('traffic:\n  |', 'longestIdle')).toMatch(/^longestIdle: \$\{1:2h\}$/);
  });

  it('no key that nobody asked for with the one that is chosen', async () => {
    expect(await offer('|', 'traffic')).toBe('traffic:\n  ');
    expect(await offer('|', 'conntrack')).toBe('conntrack:\n  ');
    expect(await offer('|', 'sysctl')).toMatch(
      /^sysctl:\n {2}\$\{1:net\.core\.netdev_max_backlog\}:\n {4}value: \$\{2:65536\}\n {4}because: /,
    );
  });

  it('roles, each with what it is for, and distributions', async () => {
    const roles = await open('role: |').complete();
    expect([...roles.keys()]).toEqual(['web-server', 'squid-proxy', 'nat-gateway']);
    expect(roles.get('nat-gateway')?.documentation).toMatch(/^Forwards and trans/);
    expect(await listOffers('host:\n  distribution: |')).toEqual(
      expect.arrayContaining(['debian-12', 'ubuntu-24.04', 'rocky-9', 'amazon-2023']),
    );
  });
});

describe('an editor shows', () => {
  it.each([
    {
      at: 'traffic:\n  connections|PerSecond: 5\n',
      title: 'New connections per second',
      unit: 'connections per second',
    },
    { at: 'host:\n  mem|ory: 16GiB\n', title: 'Memory', unit: 'MiB, GiB or TiB' },
    { at: 'conntrack:\n  timeouts:\n    estab|lished: 1h\n', title: 'Established', unit: 'seconds, or s, m, h or d' },
    { at: 'apache:\n  maxRequest|Workers: auto\n', title: 'Workers', unit: 'workers' },
  ])('$title with its unit', async ({ at, title, unit }) => {
    const shown = await open(at).hover();
    expect(shown).toContain(`#### ${title}\n`);
    expect(shown).toContain(`Unit: ${unit}`);
  });
});

describe('an editor marks', () => {
  const mark = async (text: string) =>
    (await open(text).diagnose()).map(({ message, range: { start, end } }) => ({
      message,
      at: `${start.line}:${start.character}-${end.character}`,
    }));

  it('a typo and wrong units, in words', async () => {
    const marks = await mark(
      'name: shop\nextends: web-server\ntrafic: {}\nhost: { memory: 16GB }\nconntrack: { timeouts: { udp: 1 hour } }\n',
    );
    expect(marks).toHaveLength(3);
    expect(marks).toEqual(
      expect.arrayContaining([
        { message: 'Property trafic is not allowed.', at: '3:0-6' },
        { message: 'expected a size: a number and MiB, GiB or TiB', at: '4:16-20' },
        { message: 'expected a duration: seconds, or a whole number and s, m, h or d', at: '5:30-36' },
      ]),
    );
  });

  it('what is missing where there is no base, and nothing of it where there is one', async () => {
    const messages = (await mark('name: shop\nhost: { memory: 16GiB }\n')).map(({ message }) => message);
    expect(messages.sort()).toEqual(['Missing property "distribution".', 'Missing property "role".']);
    expect(await mark('name: shop\nextends: web-server\nhost: { memory: 16GiB }\n')).toEqual([]);
    expect(await mark('extends: ./_base.yaml\n')).toEqual([]);
  });

  it('nothing in the shipped profiles, nor in those of the tests', async () => {
    const golden = readdirSync(join(CHECKOUT, 'test/golden')).filter((name) => !name.endsWith('.ts'));
    const paths = [
      ...readdirSync(join(CHECKOUT, 'profiles')).map((name) => `profiles/${name}`),
      ...golden.map((name) => `test/golden/${name}/profile.yaml`),
    ];
    const marked = paths.map(async (path) => {
      const text = readFileSync(join(CHECKOUT, path), 'utf8').replace(/^# yaml-language-server.*\n/, '');
      return { path, marks: await mark(text) };
    });
    expect(await Promise.all(marked)).toEqual(paths.map((path) => ({ path, marks: [] })));
  });
});
