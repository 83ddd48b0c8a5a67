import { describe, expect, it } from 'vitest';
import {
  descriptorsOf,
  everythingForeign,
  plannedValues,
  queueAt,
  untilUntracked,
  valuesInEffect,
} from '../support/in-effect.ts';
import { inCi, isLong } from '../support/long.ts';
import { CLIENT, ELSEWHERE, entriesAt, fetchFrom } from '../support/neighbours.ts';
import { onDebian } from '../support/on-debian.ts';
import { PROGRAM, WAYS } from '../support/push-through.ts';

const PROFILE = `extends: squid-proxy
host: { memory: 1GiB }
traffic: { connectionsPerSecond: 100, concurrentConnections: 1000 }
`;

describe.each(inCi(WAYS, PROGRAM))('a Squid, by $name', (way) => {
  const story = onDebian();
  const cache = story.render('cache', PROFILE);

  const expectInEffect = async () => {
    const { machine } = story;
    expect(await valuesInEffect(machine, cache)).toEqual(plannedValues(cache));
    expect(await queueAt(machine, 3128)).toBe(1024);
    expect(await descriptorsOf(machine, 'squid')).toEqual(['4096 4096']);
    await untilUntracked(machine, 'cache');
    expect(await fetchFrom(machine, CLIENT, ELSEWHERE, '-x http://192.0.2.1:3128')).toBe('an answer from elsewhere');
    expect(await entriesAt(machine, 3128)).toBe('');
    expect(await entriesAt(machine, 80)).toContain('dst=198.51.100.10');
  };

  it('everything is in effect, and of a request only the connection to its origin has an entry', async () => {
    expect(await queueAt(story.machine, 3128)).toBe(256);
    expect(await way.apply(story.machine, cache)).toMatchObject({ code: 0 });
    await expectInEffect();
  });

  // The same units as those of a web server.
  if (isLong)
    it('after a reboot everything is in effect, without help', async () => {
      await story.machine.reboot();
      await expectInEffect();
      expect(await way.verify(story.machine, cache)).toMatchObject({ code: 0 });
    });

  it('taken away, it leaves everything as it was before', async () => {
    expect(await way.remove(story.machine, cache)).toMatchObject({ code: 0 });
    expect(await everythingForeign(story.machine)).toEqual(story.before);
    expect(await queueAt(story.machine, 3128)).toBe(256);
  });
});
