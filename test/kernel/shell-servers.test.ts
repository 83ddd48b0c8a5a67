import { describe, expect, it } from 'vitest';
import { onMachine } from '../support/machine.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { shop, untracked } from '../support/shop.ts';

requirePrograms({
  unshare: 'util-linux',
  prlimit: 'util-linux',
  iptables: 'iptables',
  nft: 'nftables',
  ufw: 'ufw',
  apache2: 'apache2',
  nginx: 'nginx-light',
  haproxy: 'haproxy',
  python3: 'python3',
});

const exitCodes = (output: string) => [...output.matchAll(/^exit code (\d+)$/gm)].map(([, code]) => Number(code));
const sames = (output: string) => output.match(/^same as \w+$/gm) ?? [];
const callsIn = (output: string) => [...output.matchAll(/^calls: (.*)$/gm)].map(([, calls]) => calls);

describe.each([
  {
    what: 'a filter of nft',
    render: () => untracked('firewall: { filter: nftables }\n'),
    service: 'apache2',
    rules: true,
  },
  { what: 'ufw', render: () => untracked('firewall: { filter: ufw }\n'), service: 'apache2', rules: true },
  { what: 'nginx', render: () => shop('server: nginx\napache: null\n'), service: 'nginx', rules: false },
  { what: 'HAProxy', render: () => shop('server: haproxy\napache: null\n'), service: 'haproxy', rules: false },
])('a plan for $what', ({ render, service, rules }) => {
  it('is applied once, verified, put back when its server does not come back, and removed', () => {
    const output = onMachine(render(), [
      `rm layer/apache2; : > layer/${service}; snapshot before; apply shop --dry-run; same before; calls`,
      `: > layer/${service}.broken; apply shop; same before; calls`,
      'apply shop; snapshot after; calls; apply shop; same after; calls; verify shop',
      'remove shop; calls; same before',
    ]);
    expect(exitCodes(output)).toEqual([1, 1, 0, 0, 0, 0]);
    expect(sames(output)).toEqual(['before', 'before', 'after', 'before'].map((name) => `same as ${name}`));
    const applied = `daemon-reload,${rules ? 'start nettune-shop.service,' : ''}restart ${service},`;
    const removed = `${rules ? 'stop nettune-shop.service,' : ''}daemon-reload,restart ${service},`;
    expect(callsIn(output)).toEqual(['', applied + removed, applied, '', removed]);
  });
});

/** Starts a real server in the network of the test, below a limit of its own. */
const START = {
  apache2: 'set +u; . /etc/apache2/envvars; mkdir -p /run/apache2 /run/lock/apache2; server apache2 -DFOREGROUND',
  nginx: "server nginx -g 'daemon off; error_log stderr;'",
};
/** Its first process, and its workers, which somebody has to have started. */
const PROCESSES = `
workers() { pgrep -P $server; }
wait_for() { until [ $(workers | grep -c .) -ge $1 ]; do sleep 0.1; done; }
open_files() { verify shop | grep files; }`;

describe.each([
  { service: 'apache2', profile: '', planned: 8192 },
  { service: 'nginx', profile: 'server: nginx\napache: null\n', planned: 16384 },
] as const)('open files of a real $service', ({ service, profile, planned }) => {
  it('are read back of every process, and of no other network or user', () => {
    const output = onMachine(shop(profile), [
      `${PROCESSES}; server() { prlimit --nofile=${planned} "$@" & server=$!; }; apply shop >/dev/null; ${START[service]}`,
      `wait_for 2; cp "$(readlink -f /usr/bin/python3)" ${service}; unshare -n prlimit --nofile=77 ./${service} -c 'import time; time.sleep(60)' & other=$!`,
      `mkdir -m 755 /run/of-nobody; cp ${service} /run/of-nobody; setpriv --reuid=65534 prlimit --nofile=55 /run/of-nobody/${service} -c 'import time; time.sleep(60)' & strange=$!`,
      'sleep 0.5; open_files; prlimit --pid $server --nofile=1024',
      '# Workers that are started anew have what their parent has by now.',
      'kill -KILL $(workers); sleep 2; wait_for 2; open_files; apply shop | grep files',
      'prlimit --pid $server --nofile=999; open_files; kill -KILL $server $other $strange $(workers); wait $server',
    ]);
    const why = `planned: ${planned}; it was not restarted since, or its limit is set elsewhere`;
    const limits = [...output.matchAll(/: (.* of .*) may open (\d+) files, (.*)/g)].map(
      ([, who = '', limit, reason]) => ({
        who: who.replace(/^[2-9]\d* processes/, 'some processes'),
        limit,
        reason,
      }),
    );
    const some = { who: `some processes of ${service}`, limit: '1024', reason: why };
    expect(limits.slice(0, 2)).toEqual([some, some]);
    expect(limits.slice(2)).toHaveLength(2);
    expect(limits).toContainEqual({ ...some, who: `1 process of ${service}`, limit: '999' });
  });
});
