import { expect, it } from 'vitest';
import { numberFor } from '../../src/values/decided.ts';
import { compileProfile } from '../support/compile-profile.ts';

it.each([
  ['one uplink', ['eth0'], 'debian-12', 1],
  ['one uplink, on a kernel that knows only the strict check', ['eth0'], 'centos-5', 1],
  ['several uplinks, by any of which an answer may come', ['eth0', 'eth1'], 'debian-12', 2],
  ['several, on a kernel for which 2 would be strict', ['eth0', 'eth1'], 'centos-5', undefined],
])('how senders are checked with %s', (_, wan, distribution, value) => {
  const { compiled } = compileProfile({
    name: 'office',
    role: 'nat-gateway',
    host: { distribution, memory: '8GiB' },
    gateway: { wan },
  });
  const plan = compiled[0]?.plan;
  expect(plan && numberFor(plan, 'net.ipv4.conf.eth0.rp_filter')).toBe(value);
});
