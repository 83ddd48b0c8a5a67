import { describe, expect, it } from 'vitest';
import { everythingForeign } from '../support/in-effect.ts';
import { isLong } from '../support/long.ts';
import { onDebian, SHOP, TRACKED_SHOP } from '../support/on-debian.ts';
import { PROGRAM } from '../support/push-through.ts';
import { SEED, sampleMoments } from '../support/random-moments.ts';

/** What reaches the disk is the same with packet rules and without. */
const PROFILE = isLong ? SHOP : TRACKED_SHOP;

describe(`power that fails (NETTUNE_SEED=${SEED})`, () => {
  let before: readonly string[];
  let seconds: number;
  const story = onDebian(async ({ machine }) => {
    await machine.ask('echo mine > /etc/modprobe.d/nettune-shop.conf; chmod 600 /etc/modprobe.d/nettune-shop.conf');
    before = await everythingForeign(machine);
  });
  const shop = story.render('shop', PROFILE);

  const expectPutBack = async () => {
    const { code, output } = await PROGRAM.remove(story.machine, shop);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(await everythingForeign(story.machine)).toEqual(before);
  };

  it('right after everything was said to be in effect takes nothing of it away, nor of what was there before', async () => {
    const start = Date.now();
    expect(await PROGRAM.apply(story.machine, shop)).toMatchObject({ code: 0 });
    seconds = (Date.now() - start) / 1000;
    await story.machine.cutPower(':');
    expect(await PROGRAM.verify(story.machine, shop)).toMatchObject({ code: 0 });
    await expectPutBack();
  });

  it.each(sampleMoments(isLong ? 19 : 1))(
    'in the midst of a run, at %f of it, leaves what was there before to a removal',
    async (share) => {
      await story.machine.send(shop.folder, 'out');
      await story.machine.cutPower(`sh /root/out/nettune-host apply /root/out/shop & sleep ${share * seconds}`);
      await expectPutBack();
    },
  );
});
