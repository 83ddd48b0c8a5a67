import vm from 'node:vm';
import * as esbuild from 'esbuild';
import { expect, it } from 'vitest';
import { CHECKOUT } from '../support/cli.ts';

/** What a page would have: no Node, and no eval. */
const PAGE = { TextDecoder, TextEncoder, console };

it('the core runs in a browser: bundled without a node: import, and run where eval and Function are forbidden', async () => {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: `export { compile } from './src/pipeline.ts';`, resolveDir: CHECKOUT },
    bundle: true,
    platform: 'browser', // an import of a Node module is an error
    format: 'iife',
    globalName: 'nettune',
    write: false,
  });
  const script = `${outputFiles[0]?.text};
    const bytes = new TextEncoder().encode('name: shop\\nextends: web-server\\n');
    const { compiled, problems } = nettune.compile([{ name: 'shop.yaml', identity: 'shop.yaml', isNamed: true, bytes }], () => ({ fault: 'none', remedy: 'none' }));
    JSON.stringify({ problems, paths: compiled[0].artifacts().map(({ path }) => path) });`;
  const page = vm.createContext({ ...PAGE }, { codeGeneration: { strings: false, wasm: false } });
  const { problems, paths } = JSON.parse(vm.runInContext(script, page));
  expect(problems).toEqual([]);
  expect(paths).toContain('shop/etc/sysctl.d/90-nettune-shop.conf');
  expect(() => vm.runInContext('eval("1")', page)).toThrow(/Code generation from strings/);
});
