import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { expect, it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';
import { PAGES } from '../support/pages/pages.ts';
import { findHardToRead } from '../support/prose.ts';

it.each([...PAGES, 'CONTRIBUTING.md'])('%s can be read aloud without a stumble', (page) => {
  expect(findHardToRead(readFileSync(join(CHECKOUT, page), 'utf8'))).toEqual([]);
});

/** Comments above values; what is no comment ends a paragraph. */
it('comments of rendered files can', () => {
  const files = globSync('test/golden/*/out/**/*.{conf,nft,rules,service}', { cwd: CHECKOUT, absolute: true });
  const comments = files.map((file) =>
    readFileSync(file, 'utf8')
      .replaceAll(/^(?![ \t]*#).*$/gm, '')
      .replaceAll(/^[ \t]*# ?/gm, ''),
  );
  expect([...new Set(comments.flatMap(findHardToRead))]).toEqual([]);
});

it('messages and remedies can', () => {
  const reports = globSync('test/problems/**/report.txt', { cwd: CHECKOUT, absolute: true });
  const texts = reports.flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/(?:error|warning): (.*?)(?: \[[a-z-]+\])?$|^ +do: (.*)$/gm),
  ]);
  expect(texts.length).toBeGreaterThan(100);
  expect([...new Set(texts.flatMap(([, message, remedy]) => findHardToRead(message ?? remedy ?? '')))]).toEqual([]);
});

it.each([
  ['The price is felt. It is put back.', ['takes effect', 'restore']],
  ['The sum of it is that of the file from which it came.', ['name the thing again', 'two sentences']],
  ['In `code, put back` anything goes; | in | cells | too |', []],
  [`A sentence ${'of many words '.repeat(10)}`.trim(), ['32 words']],
])('%s', (text, found) => {
  expect(findHardToRead(text).map((line) => line.split(':')[0])).toEqual(found);
});
