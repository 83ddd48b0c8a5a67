import { spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CALL_FILES, CALLS } from '../support/calls.ts';
import { nettune, PROGRAM } from '../support/cli.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { readTree } from '../support/tree.ts';

requirePrograms({ unshare: 'util-linux' });

it('one file, copied to where nothing else is, does everything without network', () => {
  const alone = temporaryFolder();
  copyFileSync(PROGRAM, join(alone, 'nettune.cjs'));
  const [there, here] = [temporaryFolder(CALL_FILES), temporaryFolder(CALL_FILES)];
  for (const args of CALLS) {
    const command = ['--net', process.execPath, join(alone, 'nettune.cjs'), ...args];
    const { status, stdout, stderr } = spawnSync('unshare', command, { cwd: there, env: { NO_COLOR: '1' } });
    const run = { code: status, stdout: stdout.toString(), stderr: stderr.toString() };
    expect({ args, ...run }).toEqual({ args, ...nettune(args, { cwd: here }) });
    expect(run.stderr).toBe('');
  }
  expect(readTree(there)).toEqual(readTree(here));
  expect(Object.keys(readTree(there))).toContain('out/ansible_collections/acme/tuning/galaxy.yml');
  expect(readdirSync(alone)).toEqual(['nettune.cjs']);
});
