import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { cksum } from '../../src/text/cksum.ts';

it.each([
  ['no byte', ''],
  ['one byte', 'a'],
  ['letters of more bytes', 'für 日本 🙂\n'],
  ['more bytes than two digits of their number hold', 'x'.repeat(70_000)],
])('of %s it is what the program cksum prints', (_, text) => {
  const { stdout } = spawnSync('cksum', { input: text, encoding: 'utf8' });
  expect(cksum(text)).toBe(stdout.trim().replace(' ', ':'));
});
