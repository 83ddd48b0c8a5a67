import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nettune } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary.ts';

/** The unit of a server of Debian, with our drop-in beside it, as systemd reads both. */
function verify(role: string, unit: string, edit = (text: string) => text) {
  const root = temporaryFolder({ 'host.yaml': `name: host\nextends: ${role}\n` });
  expect(nettune(['render', 'host.yaml'], { cwd: root }).code).toBe(0);
  const copy = `mkdir -p ${root}/etc/systemd/system && cp /lib/systemd/system/${unit} ${root}/etc/systemd/system/ &&
    cp -r ${root}/out/host/etc/systemd/system/${unit}.d ${root}/etc/systemd/system/`;
  expect(spawnSync('sh', ['-c', copy], { encoding: 'utf8' }).stderr).toBe('');
  const dropIn = join(root, `etc/systemd/system/${unit}.d/nettune-host.conf`);
  writeFileSync(dropIn, edit(readFileSync(dropIn, 'utf8')));
  const { stdout, stderr } = spawnSync(
    'systemd-analyze',
    ['verify', '--recursive-errors=no', join(root, 'etc/systemd/system', unit)],
    { encoding: 'utf8' },
  );
  return (stdout + stderr).split('\n').filter((line) => line.includes('nettune-host.conf'));
}

describe('systemd', () => {
  it.each([
    ['web-server', 'apache2.service'],
    ['squid-proxy', 'squid.service'],
  ])('takes the drop-in of a %s for %s without a word', (role, unit) => {
    expect(verify(role, unit)).toEqual([]);
  });

  it('says so when a line is wrong: this test would see it', () => {
    const found = verify('squid-proxy', 'squid.service', (text) => text.replace('LimitNOFILE=', 'LimitNOFILES='));
    expect(found.join()).toMatch(/Unknown key .*'LimitNOFILES'/);
  });

  it('and the apachectl of Debian ask for the same limit of open files', () => {
    const root = temporaryFolder({ 'host.yaml': 'name: host\nextends: web-server\n' });
    const { stdout } = nettune(['render', 'host.yaml', '--stdout', '--only', 'systemd'], { cwd: root });
    const [, limit] = /^LimitNOFILE=(\d+)$/m.exec(stdout) ?? [];
    const [, variable, command] = /^Environment="(\w+)=(.*)"$/m.exec(stdout) ?? [];
    expect(command).toBe(`ulimit -n ${limit}`);
    expect(readFileSync('/usr/sbin/apache2ctl', 'utf8')).toContain(`\${${variable}:-ulimit -n 8192}`);
  });
});
