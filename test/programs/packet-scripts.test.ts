import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requirePrograms } from '../support/prerequisites.ts';
import { Rendered } from '../support/rendered.ts';

requirePrograms({
  shellcheck: 'shellcheck',
  mawk: 'mawk',
  gawk: 'gawk',
  'original-awk': 'original-awk',
  busybox: 'busybox',
});

const FOLDER = 'etc/nettune/w';

/** Each back end has a loader and a lease of its own; helpers are assigned without a proof. */
const PROFILES: Readonly<Record<string, string>> = {
  iptables: 'extends: web-server\nfirewall: { filter: iptables }\n',
  nftables: 'extends: web-server\nfirewall: { filter: nftables }\n',
  helpers: 'extends: nat-gateway\ngateway: { helpers: [ftp] }\n',
};

const rendered: Record<string, Rendered> = {};
beforeAll(() => {
  for (const [name, profile] of Object.entries(PROFILES))
    rendered[name] = new Rendered('w', `${profile}host: { distribution: debian-12 }\n`);
});
afterAll(() => {
  for (const each of Object.values(rendered)) each.remove();
});

function run(program: string, args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** Paths of a profile's scripts whose names end so; the parts of apply.sh are in shell.test.ts. */
function scripts(profile: string, suffix: string): readonly string[] {
  const folder = rendered[profile]?.at(FOLDER) ?? '';
  const files = readdirSync(folder, { encoding: 'utf8', recursive: true });
  return files.filter((file) => file.endsWith(suffix) && !file.startsWith('parts/')).map((file) => join(folder, file));
}

/** Parts that another script reads, and which use its variables. */
const PARTS = ['copy.sh', 'loader.sh'];

describe.each(Object.keys(PROFILES))('with %s', (profile) => {
  test.each(['sh', 'dash', 'bash'])('shellcheck sees no fault in the scripts for %s', (shell) => {
    const files = scripts(profile, '.sh').filter((file) => !PARTS.includes(basename(file)));
    expect(files.map((file) => basename(file))).toContain('rules.sh');
    const args = ['--external-sources', '--source-path=SCRIPTDIR', '--shell', shell];
    expect(run('shellcheck', [...args, ...files])).toEqual({ status: 0, stdout: '', stderr: '' });
    for (const file of files) {
      const text = readFileSync(file, 'utf8');
      expect(run('shellcheck', [...args, '-'], `${text}\nrm $1\n`).status, basename(file)).toBe(1);
    }
  });

  test.each([['mawk'], ['gawk', '--posix'], ['original-awk'], ['busybox', 'awk']])(
    '%s reads the scripts',
    (program, ...args) => {
      const read = scripts(profile, 'read.awk');
      for (const file of scripts(profile, '.awk')) {
        // Scripts that read saved rules stand on read.awk.
        const needed = /\bbare\(/.test(readFileSync(file, 'utf8')) ? read : [];
        const files = [...new Set([...needed, file])].flatMap((path) => ['-f', path]);
        expect(run(program, [...args, ...files]), basename(file)).toMatchObject({ status: 0, stderr: '' });
        expect(run(program, [...args, ...files, '-f', '-'], '}').status, basename(file)).not.toBe(0);
      }
    },
  );
});

test('shellcheck sees no fault in what is for bash', () => {
  const [client = ''] = scripts('iptables', 'client.bash');
  expect(basename(dirname(client))).toBe('proof');
  expect(run('shellcheck', ['--shell', 'bash', client])).toMatchObject({ status: 0, stderr: '' });
});
