import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nettune } from '../support/cli.ts';
import { isLong } from '../support/long.ts';
import { hostOfThisMachine, onMachine, renderProfiles } from '../support/machine.ts';
import { requirePrograms } from '../support/prerequisites.ts';

requirePrograms({ unshare: 'util-linux', iptables: 'iptables', apache2: 'apache2', dash: 'dash' });

const SHOP = `extends: web-server
summary: Front ends
${hostOfThisMachine()}
traffic: { ports: [80], connectionsPerSecond: 3000, concurrentConnections: 800, outbound: [] }
apache: { memoryPerWorker: 8MiB }
sysctl:
  net.ipv4.tcp_fin_timeout: { value: 30, because: a test }
`;

interface Differing {
  readonly restarts: readonly { readonly service: string }[];
  readonly decisions: readonly {
    readonly parameter: string;
    readonly before?: { readonly value: unknown };
    readonly after?: { readonly value: unknown };
  }[];
}

/** What `nettune compare` tells: servers that are restarted, and kernel parameters that get another value. */
function foretell(folder: string, changed: string) {
  const { stdout } = nettune(['compare', join(folder, 'profiles'), join(changed, 'profiles'), '--format', 'json']);
  const [{ restarts, decisions } = { restarts: [], decisions: [] }] = JSON.parse(stdout).profiles as Differing[];
  return {
    restarts: restarts.map(({ service }) => service),
    values: decisions
      .filter(({ parameter, before, after }) => parameter.startsWith('net.') && before?.value !== after?.value)
      .map(({ parameter, after }) => `${parameter} ${after?.value ?? 'as before'}`),
  };
}

/** What apply tells that it did. */
function readDone(output: string, dropped: readonly string[]) {
  const set = [...output.matchAll(/set (net\S+) from \S+ to (\S+)$/gm)];
  return {
    restarts: [...output.matchAll(/restart (\S+)$/gm)].map(([, service]) => service),
    values: set.map(([, name = '', value]) => `${name} ${dropped.includes(name) ? 'as before' : value}`),
  };
}

const CHANGES: readonly (readonly [what: string, written: string | RegExp, instead: string])[] = [
  ['a longer queue', 'connectionsPerSecond: 3000', 'connectionsPerSecond: 9000'],
  ['a shorter queue', 'connectionsPerSecond: 3000', 'connectionsPerSecond: 300'],
  ['fewer workers', '8MiB', '80MiB'],
  ['another port', '[80]', '[80, 443]'],
  ['another value', 'value: 30', 'value: 45'],
  ['an override less', /sysctl:\n.*\n/, ''],
  ['another reason', 'a test', 'another test'],
  ['another summary, a comment in every file', 'Front ends', 'Back ends'],
  ['another order', 'ports: [80], connectionsPerSecond: 3000', 'connectionsPerSecond: 3000, ports: [80]'],
];

/** One for each way in which a change gets to a host. */
const TRIED_IN_CI = ['a longer queue', 'fewer workers', 'an override less', 'another reason'];

test.each(CHANGES.filter(([what]) => isLong || TRIED_IN_CI.includes(what)))(
  'what compare says of %s is what apply does',
  (what, written, instead) => {
    const folder = renderProfiles({ shop: SHOP });
    const changed = renderProfiles({ shop: SHOP.replace(written, instead) });
    const foretold = foretell(folder, changed);
    const output = onMachine(folder, [
      'apply shop >before',
      `rm -r out; cp -r ${changed}/out .`,
      'apply shop; cat before',
    ]);
    expect(output.match(/^exit code .*$/gm)).toEqual(['exit code 0', 'exit code 0']);
    const dropped = foretold.values
      .filter((each) => each.endsWith(' as before'))
      .map((each) => each.split(' ')[0] ?? '');
    const done = readDone(output.split('exit code')[0] ?? '', dropped);
    expect({ ...done, values: done.values.toSorted() }).toEqual({ ...foretold, values: foretold.values.toSorted() });
    expect(foretold.restarts).toEqual(/queue|workers/.test(what) ? ['apache2'] : []);
  },
);
