import { describe, expect, it } from 'vitest';
import { everythingForeign } from '../support/in-effect.ts';
import { inCi } from '../support/long.ts';
import { onDebian } from '../support/on-debian.ts';
import { ROLE, WAYS } from '../support/push-through.ts';

/** Twice the memory of the machine, and among its ports one that Docker has published for a container. */
const PROFILE = `extends: web-server
host: { memory: 2GiB }
traffic: { ports: [80, 8080], connectionsPerSecond: 1000, concurrentConnections: 100, outbound: [] }
`;

describe.each(inCi(WAYS, ROLE))('another host than the one that was planned for, by $name', (way) => {
  const story = onDebian(({ machine }) => machine.ask('sed -i s/^ID=debian/ID=ubuntu/ /etc/os-release'));
  const shop = story.render('shop', PROFILE);

  it('is told every reason, and nothing is changed', async () => {
    const untouched = await everythingForeign(story.machine);
    const { code, output } = await way.apply(story.machine, shop);
    expect(code).not.toBe(0);
    expect(output).toContain('distribution: Ubuntu, planned for Debian');
    expect(output).toMatch(/memory: \d+ MiB, planned for 2048 MiB, of which 1536 must be there/);
    expect(output).toMatch(/a rule of yours translates it.*-t nat.*--dport 8080/);
    expect(await everythingForeign(story.machine)).toEqual(untouched);
  });
});
