import { expect, it } from 'vitest';
import { hostOfThisMachine, onMachine, renderProfiles } from '../support/machine.ts';

const C = ['firewall: { filter: nftables }', 'firewall: { filter: ufw }', 'firewall: { filter: firewalld }', 'server: nginx\napache: null','server: haproxy\napache: null'];
it.each(C)('%s', (more) => {
  const output = onMachine(renderProfiles({ shop: `extends: web-server\n${hostOfThisMachine()}${more}\n` }), [
    ': > layer/nginx; : > layer/haproxy; snapshot before; apply shop --dry-run; same before; apply shop; snapshot after; calls; apply shop; same after; calls; verify shop; remove shop; calls; same before',
  ]);
  console.log(output);
});
