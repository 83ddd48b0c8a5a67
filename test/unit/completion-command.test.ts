import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/commands/commands.ts';
import { callNettune } from '../support/call-nettune.ts';
import { git, initRepository } from '../support/git.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** What may stand for the last word: the files that the shell is to offer, and our own words. */
async function complete(...words: string[]): Promise<{ files: string; words: string[] }> {
  const { code, stdout, stderr } = await callNettune(['completion', 'bash', '--', ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [files = '', ...lines] = stdout.trimEnd().split('\n');
  return { files, words: lines.map((line) => line.split('\t')[0] ?? '') };
}

it.each([[['']], [['help', '']]])('every command comes after nettune %j', async (words) => {
  expect(await complete(...words)).toEqual({ files: 'none', words: [...COMMANDS.map(({ name }) => name), 'help'] });
});

it.each([
  { line: ['render', '--only', 'sysctl,squid,'], offered: 'sysctl,squid,iptables', not: 'sysctl,squid,sysctl' },
  { line: ['explain', '--format=x'], offered: '--format=json', not: 'json' },
  { line: ['explain', '--format', '=', 'x'], offered: '--format=json', not: 'json' },
  { line: ['explain', '--format', 'json', ''], offered: 'web-server', not: '--format' },
  { line: ['explain', 'x.yaml', '--format', 'json', ''], offered: 'net.core.somaxconn', not: 'somaxconn' },
  { line: ['explain', 'x.yaml', 'somax'], offered: 'somaxconn', not: 'net.core.somaxconn' },
  { line: ['validate', '--', '--'], offered: 'web-server', not: '--fail-on' },
  { line: ['validate', 'a.yaml', '-', ''], offered: 'web-server', not: '--fail-on' },
  { line: ['init', '--distribution', ''], offered: 'debian-12', not: 'web-server' },
  { line: ['checks', ''], offered: 'yaml-syntax', not: 'web-server' },
  { line: ['init', '--ci', ''], offered: 'none', not: 'web-server' },
  { line: ['init', '--ci', 'github,'], offered: 'github,gitlab', not: 'none' },
  { line: ['parameters', 'nf_'], offered: 'nf_conntrack_max', not: 'net.netfilter.nf_conntrack_max' },
  { line: ['parameters', 'net.'], offered: 'net.netfilter.nf_conntrack_max', not: 'nf_conntrack_max' },
  { line: ['parameters', 'h'], offered: 'hashsize', not: 'nf_conntrack hashsize' },
  { line: ['schema', ''], offered: 'profile', not: 'web-server' },
  { line: ['parameters', '--distribution', ''], offered: 'debian-12', not: 'net.core.somaxconn' },
])('$line: $offered, and not $not', async ({ line, offered, not }) => {
  const { words } = await complete(...line);
  expect(words).toContain(offered);
  expect(words).not.toContain(not);
});

it('branches and tags come after --git, and none that a shell would run', async () => {
  const cwd = temporaryFolder({ 'deep/file': '' });
  initRepository(cwd);
  for (const name of ['fix/queue-2', '$(reboot)', "a'b", 'x;reboot']) git(cwd, 'branch', name);
  git(cwd, 'tag', 'v1.0');
  const wordsIn = async (folder: string, line: string[]) =>
    (await callNettune(['completion', 'bash', '--', ...line], { cwd: folder })).stdout.split('\n').slice(1, -1);
  expect(await wordsIn(join(cwd, 'deep'), ['compare', '--git', ''])).toEqual(['fix/queue-2\t', 'main\t', 'v1.0\t']);
  expect(await wordsIn(cwd, ['compare', '--git=m'])).toContain('--git=main\t');
  expect(await wordsIn(temporaryFolder(), ['compare', '--git', ''])).toEqual([]);
});

it.each([
  { line: ['validate', ''], files: 'profiles' },
  { line: ['render', '-o', ''], files: 'folders' },
  { line: ['checks', 'set-once', ''], files: 'none' },
  { line: ['parameters', '--kernel', ''], files: 'none' },
  { line: ['nonsense', ''], files: 'none' },
])('$line: of files $files', async ({ line, files }) => {
  expect((await complete(...line)).files).toBe(files);
});
