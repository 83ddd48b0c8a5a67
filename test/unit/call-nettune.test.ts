import { expect, it } from 'vitest';
import { callNettune } from '../support/call-nettune.ts';
import { nettune } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** Most tests call nettune within their own process. */
it.each([
  '--version',
  '--help',
  'rendr',
  'render --colour',
  'validate nowhere.yaml',
  'validate\n::error::x',
  'render --diff',
  'explain web-server somaxconn',
])('a call within the process says what a process says, and leaves nothing behind: %j', async (call) => {
  const args = call.split(' ');
  const cwd = temporaryFolder({ 'profiles/shop.yaml': 'name: shop\nextends: web-server\nhost: { memory: 16GB }\n' });
  const before = { cwd: process.cwd(), env: { ...process.env } };
  expect(await callNettune(args, { cwd, env: { NETTUNE_TEST: '1' } })).toEqual(nettune(args, { cwd }));
  expect({ cwd: process.cwd(), env: { ...process.env } }).toEqual(before);
});
