import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cksum } from '../../src/text/cksum.ts';
import { hostOfThisMachine, renderProfiles } from './machine.ts';

/** As few connections as this machine's table holds. */
export const FEW = 'traffic: { connectionsPerSecond: 100, outbound: [] }\n';
export const TRACKED = hostOfThisMachine(', untracked: { served: false }');

/** A web server without packet rules: each run costs a proof otherwise, and most tests are about something else. */
export const shop = (more = '') => renderProfiles({ shop: `extends: web-server\n${FEW}${TRACKED}${more}` });
export const untracked = (more = '') => renderProfiles({ shop: `extends: web-server\n${hostOfThisMachine()}${more}` });

/** A gateway with so few neighbours that their table stays as it is: a network namespace does not have its size. */
export const gate = () =>
  renderProfiles({ gate: `extends: nat-gateway\ntraffic: { neighbours: 50 }\n${hostOfThisMachine()}` });

/** A profile for another distribution, for which this machine stands: modules and httpd are its own, and servers need no test. */
export function standIn(name: string, base: string, distribution: string, host = hostOfThisMachine()): string {
  const profile = `extends: ${base}\n${host.replace('debian-12', distribution)}`;
  const folder = renderProfiles({ [name]: profile });
  const plan = join(folder, 'out', name, 'plan');
  const edited = readFileSync(plan, 'utf8')
    .replace(/^family .*\ndistribution .*\nmajor-version .*$/m, 'family Debian\ndistribution Debian\nmajor-version 12')
    .replace(/^(module|mpm) .*\n/gm, '')
    .replace(/^end .*\n/m, '');
  mkdirSync(join(folder, 'servers'));
  for (const server of ['apachectl', 'squid'])
    writeFileSync(join(folder, 'servers', server), '#!/bin/sh\n', { mode: 0o755 });
  const words = edited.replace(/^(#.*)?\n/gm, '');
  writeFileSync(plan, `${edited}end ${cksum(words)}\n`);
  return folder;
}
