import { expect, it } from 'vitest';
import { COMMANDS } from '../../src/commands/commands.ts';
import { nettune } from '../support/cli.ts';

/** What may stand for the last word: the files that the shell is to offer, and our own words. */
function complete(...words: string[]): { files: string; words: string[] } {
  const { code, stdout, stderr } = nettune(['completion', 'bash', '--', ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [files = '', ...lines] = stdout.trimEnd().split('\n');
  return { files, words: lines.map((line) => line.split('\t')[0] ?? '') };
}

it.each([[['']], [['help', '']]])('every command comes after nettune %j', (words) => {
  expect(complete(...words)).toEqual({ files: 'none', words: [...COMMANDS.map(({ name }) => name), 'help'] });
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
  { line: ['schema', ''], offered: 'profile', not: 'web-server' },
  { line: ['parameters', '--distribution', ''], offered: 'debian-12', not: 'net.core.somaxconn' },
])('$line: $offered, and not $not', ({ line, offered, not }) => {
  const { words } = complete(...line);
  expect(words).toContain(offered);
  expect(words).not.toContain(not);
});

it.each([
  { line: ['validate', ''], files: 'profiles' },
  { line: ['render', '-o', ''], files: 'folders' },
  { line: ['checks', 'set-once', ''], files: 'none' },
  { line: ['parameters', '--kernel', ''], files: 'none' },
  { line: ['nonsense', ''], files: 'none' },
])('$line: of files $files', ({ line, files }) => {
  expect(complete(...line).files).toBe(files);
});
