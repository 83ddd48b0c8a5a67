import { describe, expect, it } from 'vitest';
import { everythingForeign, plannedValues, valuesInEffect } from '../support/in-effect.ts';
import { inCi } from '../support/long.ts';
import { CLIENT, ELSEWHERE, fetchFrom } from '../support/neighbours.ts';
import { onDebian } from '../support/on-debian.ts';
import { PROGRAM, WAYS } from '../support/push-through.ts';

const PROFILE = `extends: nat-gateway
host: { memory: 1GiB }
traffic: { connectionsPerSecond: 50, udpDialoguesPerSecond: 20, concurrentConnections: 1000, neighbours: 50 }
`;

/** Rules that ask for states keep the module: they go first, and then all modules that rest on it. */
const UNLOAD = `nft flush ruleset
unload() { for each in $(ls /sys/module/$1/holders); do unload $each; done; rmmod $1; }
unload nf_conntrack`;

describe.each(inCi(WAYS, PROGRAM))('a gateway, by $name', (way) => {
  const story = onDebian();
  const gate = story.render('gate', PROFILE);
  const expectValues = async () => expect(await valuesInEffect(story.machine, gate)).toEqual(plannedValues(gate));
  const reachElsewhere = () => fetchFrom(story.machine, CLIENT, ELSEWHERE);

  it('everything is in effect, and a client gets through', async () => {
    expect(await reachElsewhere()).toBe('');
    expect(await way.apply(story.machine, gate)).toMatchObject({ code: 0 });
    await expectValues();
    expect(await reachElsewhere()).toBe('an answer from elsewhere');
  });

  it('after a reboot too, without help', async () => {
    await story.machine.reboot();
    await expectValues();
    expect(await reachElsewhere()).toBe('an answer from elsewhere');
  });

  it('taken away, it leaves everything as it was before', async () => {
    expect(await way.remove(story.machine, gate)).toMatchObject({ code: 0 });
    expect(await everythingForeign(story.machine)).toEqual(story.before);
    expect(await reachElsewhere()).toBe('');
  });
});

/** The role has it run the same program. */
describe.each([PROGRAM])('a host whose connection tracker is not loaded, by $name', (way) => {
  const story = onDebian(({ machine }) => machine.ask(UNLOAD));
  const gate = story.render('gate', PROFILE);
  const expectValues = async () => expect(await valuesInEffect(story.machine, gate)).toEqual(plannedValues(gate));

  it('has it loaded, with everything in effect', async () => {
    expect(await way.apply(story.machine, gate)).toMatchObject({ code: 0 });
    await expectValues();
  });

  it('and again when the module is loaded again', async () => {
    await story.machine.ask(`${UNLOAD}; modprobe nf_conntrack; udevadm settle`);
    await expectValues();
  });

  it('even when nothing loads it at boot', async () => {
    await story.machine.ask('rm /etc/modules-load.d/nettune-gate.conf; systemctl disable netfilter-persistent');
    await story.machine.reboot();
    expect((await story.machine.run('ls /sys/module/nf_conntrack')).code).not.toBe(0);
    await story.machine.ask('modprobe nf_conntrack; udevadm settle');
    await expectValues();
  });
});
