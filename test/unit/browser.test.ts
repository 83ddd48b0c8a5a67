import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import * as esbuild from 'esbuild';
import { expect, it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';

/** What a page would have, and less: no Node, no eval, and no clock. */
const PAGE = { TextDecoder, TextEncoder, Date: undefined };

it('the library runs in a browser: it imports nothing, and needs no eval, no clock and no environment', async () => {
  const { code } = await esbuild.transform(readFileSync(join(CHECKOUT, 'dist/index.js'), 'utf8'), {
    format: 'iife',
    globalName: 'nettune',
  });
  const script = `${code};
    const { compiled, problems } = nettune.compile([nettune.sourceOf('shop.yaml', 'name: shop\\nextends: web-server\\n')]);
    JSON.stringify({ problems, paths: compiled[0].artifacts().map(({ path }) => path), told: compiled[0].explain() });`;
  const page = vm.createContext({ ...PAGE }, { codeGeneration: { strings: false, wasm: false } });
  const { problems, paths, told } = JSON.parse(vm.runInContext(script, page));
  expect(problems).toEqual([]);
  expect(paths).toContain('shop/etc/sysctl.d/90-nettune-shop.conf');
  expect(told.decisions.length).toBeGreaterThan(10);
  expect(() => vm.runInContext('eval("1")', page)).toThrow(/Code generation from strings/);
  expect(() => vm.runInContext('new Date()', page)).toThrow(/not a constructor/);
});
