import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exitCodes, hostOfThisMachine, onMachine, renderProfiles, sames } from '../support/machine.ts';
import { requirePrograms } from '../support/prerequisites.ts';
import { shop } from '../support/shop.ts';

requirePrograms({ unshare: 'util-linux', iptables: 'iptables', dash: 'dash', ip: 'iproute2', python3: 'python3' });

const ADVERTISE = fileURLToPath(new URL('../support/advertise.py', import.meta.url));

/** A host with mgmt0, to which a router advertises itself, and wan0. */
const LINKS = `
sysctl -qw net.ipv6.conf.default.accept_dad=0
ip netns add router; ip link add mgmt0 type veth peer name mgmt netns router; ip link add wan0 type veth peer name wan netns router
ip link set wan0 up; ip link set mgmt0 up; ip -n router link set mgmt up
until ip -6 route show default | grep -q 'dev mgmt0'; do ip netns exec router python3 ${ADVERTISE} mgmt; sleep 0.2; done
default_route() { ip -6 route show default | sed 's/via [^ ]*/via ROUTER/; s/ metric.*//'; }`;

const gate = () =>
  renderProfiles({
    gate: `extends: nat-gateway\ntraffic: { neighbours: 50 }\ngateway: { families: [ipv4, ipv6], wan: [wan0] }\n${hostOfThisMachine()}`,
  });

describe('a route that a router advertised, on an interface that the plan does not name', () => {
  it('is not lost: the host is refused, and the interface is named', () => {
    const output = onMachine(gate(), [
      LINKS,
      'snapshot before; apply gate --dry-run; apply gate; same before; default_route',
      'sysctl -qw net.ipv6.conf.mgmt0.accept_ra=2; apply gate; default_route; sysctl net.ipv6.conf.all.forwarding',
    ]);
    expect(exitCodes(output)).toEqual([2, 2, 0]);
    expect(
      output.match(/mgmt0 has its IPv6 route or address by router advertisement, and would lose it/g),
    ).toHaveLength(2);
    expect(output).not.toContain('wan0 has');
    expect(sames(output)).toEqual(['same as before']);
    expect(output.match(/default via ROUTER dev mgmt0 proto ra/g)).toHaveLength(2);
    expect(output).toContain('net.ipv6.conf.all.forwarding = 1\n');
  });
});

describe('routes and addresses that a change took away', () => {
  it('are there again when it is put back, advertised or set by hand', () => {
    const output = onMachine(shop('sysctl: { net.ipv6.conf.all.disable_ipv6: { value: 1, because: a test } }\n'), [
      LINKS,
      'ip -6 address add 2001:db8:77::1/64 dev mgmt0; ip -6 route add 2001:db8:9::/48 via 2001:db8:77::9 dev mgmt0 metric 77',
      'apply shop --confirm-within 300; echo "routes: $(ip -6 route | wc -l)"; installed apply --put-back',
      'ip -6 -o address show dev mgmt0 permanent scope global; ip -6 route | grep 2001:db8:9; default_route',
    ]);
    expect(exitCodes(output)).toEqual([3, 0]);
    expect(output).toContain('routes: 0\n');
    expect(output).toContain('inet6 2001:db8:77::1/64');
    expect(output).toContain('2001:db8:9::/48 via 2001:db8:77::9 dev mgmt0 metric 77');
    expect(output).toContain('default via ROUTER dev mgmt0 proto ra');
    expect(output).not.toContain('could not be set again');
  });

  it('are named when they cannot be brought back', () => {
    const output = onMachine(shop('sysctl: { net.ipv6.conf.all.disable_ipv6: { value: 1, because: a test } }\n'), [
      LINKS,
      'ip -6 address add 2001:db8:77::1/64 dev mgmt0',
      'apply shop --confirm-within 300; ip link delete mgmt0; installed apply --put-back',
    ]);
    expect(exitCodes(output)).toEqual([3, 1]);
    expect(output).toContain('the IPv6 address 2001:db8:77::1/64 dev mgmt0 is gone, and could not be set again\n');
  });
});
