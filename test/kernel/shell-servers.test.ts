import { describe, expect, it } from 'vitest';
import { hostOfThisMachine, onMachine, renderProfiles } from '../support/machine.ts';
import { requirePrograms } from '../support/prerequisites.ts';

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

const shop = (more: string) =>
  renderProfiles({ shop: `extends: web-server\n${hostOfThisMachine()}${more}\n` });

const exitCodes = (output: string) => [...output.matchAll(/^exit code (\d+)$/gm)].map(([, code]) => Number(code));
const sames = (output: string) => output.match(/^same as \w+$/gm) ?? [];
const callsIn = (output: string) => [...output.matchAll(/^calls: (.*)$/gm)].map(([, calls]) => calls);

describe.each([
  { what: 'a filter of nft', profile: 'firewall: { filter: nftables }', service: 'apache2' },
  { what: 'ufw', profile: 'firewall: { filter: ufw }', service: 'apache2' },
  { what: 'nginx', profile: 'server: nginx\napache: null', service: 'nginx' },
  { what: 'HAProxy', profile: 'server: haproxy\napache: null', service: 'haproxy' },
])('a plan for $what', ({ profile, service }) => {
  it('is applied once, verified, put back when its server does not come back, and removed', () => {
    const output = onMachine(shop(profile), [
      `rm layer/apache2; : > layer/${service}; snapshot before; apply shop --dry-run; same before; calls`,
      `: > layer/${service}.broken; apply shop; same before; calls`,
      'apply shop; snapshot after; calls; apply shop; same after; calls; verify shop',
      'remove shop; calls; same before',
    ]);
    expect(exitCodes(output)).toEqual([1, 1, 0, 0, 0, 0]);
    expect(sames(output)).toEqual(['before', 'before', 'after', 'before'].map((name) => `same as ${name}`));
    const applied = `daemon-reload,start nettune-shop.service,restart ${service},`;
    const removed = `stop nettune-shop.service,daemon-reload,restart ${service},`;
    expect(callsIn(output)).toEqual(['', applied + removed, applied, '', removed]);
  });
});

/** Starts a real server in the network of the test, below a limit of its own, and stops it with the test. */
const START = {
  apache2:
    '. /etc/apache2/envvars; mkdir -p /run/apache2 /run/lock/apache2; prlimit --nofile=8192 apache2 -DFOREGROUND & server=$!',
  nginx: "prlimit --nofile=16384 nginx -g 'daemon off; error_log stderr;' & server=$!",
};
/** Processes of the server that listens here. */
const PROCESSES =
  'processes() { for each in $(pgrep -x $1); do [ "$(readlink /proc/$each/ns/net)" != "$(readlink /proc/self/ns/net)" ] || echo $each; done; }';

describe.each([
  { service: 'apache2', profile: '', planned: 8192 },
  { service: 'nginx', profile: 'server: nginx\napache: null', planned: 16384 },
] as const)('open files of a real $service', ({ service, profile, planned }) => {
  it('are read back of every process, and of no other network', () => {
    const output = onMachine(shop(profile), [
      `${PROCESSES}; apply shop >/dev/null; ${START[service]}; until [ $(processes ${service} | grep -c .) -gt 2 ]; do sleep 0.2; done`,
      `verify shop | grep files; cp "$(readlink -f /usr/bin/python3)" ${service}; unshare -n prlimit --nofile=77 ./${service} -c 'import time; time.sleep(60)' & other=$!`,
      'sleep 1; verify shop | grep -e "open 77 files"',
      `for each in $(processes ${service} | tail -n 2); do prlimit --pid $each --nofile=1024; done; verify shop | grep files; apply shop | grep files`,
      `prlimit --pid $(processes ${service} | tail -n 1) --nofile=999; verify shop | grep files`,
      'pkill -P $other; kill $other; kill $server; wait $server',
    ]);
    console.log(output);
    const [first, again, ...rest] = output.match(/\d+ process.*files.*/g) ?? [];
    const why = `planned: ${planned}; it was not restarted since, or its limit is set elsewhere`;
    expect(first).toBe(`2 processes of ${service} may open 1024 files, ${why}`);
    expect(again).toBe(first);
    expect(rest.sort()).toEqual([1024, 999].map((limit) => `1 process of ${service} may open ${limit} files, ${why}`));
  });
});
