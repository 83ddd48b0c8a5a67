import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callNettune } from '../support/call-nettune.ts';
import { temporaryFolder } from '../support/temporary.ts';

const HOSTS = 'hosts: [{ memory: 16GiB }, { memory: 4GiB }]';

/** A folder with profiles of these lines, each besides its name and base. */
function folderWith(profiles: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, lines] of Object.entries(profiles))
    writeFileSync(join(folder, `${name}.yaml`), `name: shop\nextends: web-server\n${lines}\n`);
  return folder;
}

const run = (args: string[], profiles: Readonly<Record<string, string>> = { shop: HOSTS }) =>
  callNettune(args, { cwd: folderWith(profiles) });

describe('a profile for several machines', () => {
  it('has each problem once, with the machines that it concerns', async () => {
    const { stdout } = await run(['validate', 'shop.yaml', '--format', 'json']);
    const { problems } = JSON.parse(stdout) as { problems: { id: string; machines?: string[] }[] };
    expect(problems.find(({ id }) => id === 'conntrack-covers-fallback')?.machines).toEqual(['4GiB']);
    expect(new Set(problems.map(({ id }) => id)).size).toBe(problems.length);
  });

  it('is narrowed to one of them, and its names are told where there is no such machine', async () => {
    expect((await run(['validate', 'shop.yaml', '--machine', '16GiB'])).stdout).toBe('1 profile: no problems\n');
    const { code, stderr } = await run(['validate', 'shop.yaml', '--machine', '5GiB']);
    expect(code).toBe(2);
    expect(stderr).toContain('there is no machine `5GiB`: there are 16GiB, 4GiB');
    const alone = await run(['explain', 'shop.yaml', '--machine', '5GiB'], { shop: 'host: { memory: 16GiB }' });
    expect(alone.stderr).toContain('none of these profiles has `hosts`');
  });

  it('is explained side by side, and what machines share once', async () => {
    const { stdout } = await run(['explain', 'shop.yaml', '--verbose']);
    expect(stdout).toMatch(/^shop: web-server on 2 machines\n {2}16GiB: Debian 12, .*\n {2}4GiB: Debian 12, /);
    expect(stdout).toMatch(/^ {2}net\.netfilter\.nf_conntrack_max +524288 entries +218112 entries$/m);
    expect(stdout.match(/^net\.netfilter\.nf_conntrack_max = /gm)).toHaveLength(2);
    expect(stdout.match(/^net\.ipv4\.tcp_syncookies = /gm)).toHaveLength(1);
    const one = await run(['explain', 'shop.yaml', '--machine', '4GiB']);
    expect(one.stdout).toMatch(/^shop \(4GiB\): web-server on Debian 12/);
  });

  it('is compared machine by machine, also with a profile that was for one', async () => {
    const before = { old: 'host: { memory: 16GiB }', new: HOSTS };
    const { stdout } = await run(['compare', 'old.yaml', 'new.yaml', '--format', 'json'], before);
    const { profiles, same } = JSON.parse(stdout) as {
      profiles: { machine: string; kind: string; artifacts: { kind: string }[] }[];
      same: string[];
    };
    expect(profiles.map(({ machine, kind }) => [machine, kind])).toContainEqual(['4GiB', 'changed']);
    expect([...same, ...profiles.map(({ machine }) => `shop (${machine})`)].sort()).toEqual([
      'shop (16GiB)',
      'shop (4GiB)',
    ]);
    // Files that only move to the folder of a machine lie where they lay on a host.
    expect(new Set(profiles.flatMap(({ artifacts }) => artifacts.map(({ kind }) => kind)))).toEqual(
      new Set(['changed']),
    );
    const sides = { old: HOSTS, new: HOSTS.replace('4GiB', '5GiB') };
    const moved = await run(['compare', 'old.yaml', 'new.yaml'], sides);
    expect(moved.stdout).toMatch(/^shop \(4GiB\): gone/m);
    expect(moved.stdout).toMatch(/^shop \(5GiB\): new/m);
    const narrowed = await run(['compare', 'old.yaml', 'new.yaml', '--machine', '16GiB'], sides);
    expect(narrowed.stdout).toBe('no change\n');
  });

  it('says which machines come out the same', async () => {
    const hosts = 'hosts: [{ memory: 16GiB }, { name: again, memory: 16385MiB }]';
    expect((await run(['render', 'shop.yaml'], { shop: hosts })).stdout).toContain(
      'shop: the same values for 16GiB, again',
    );
  });
});
