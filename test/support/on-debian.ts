import { afterAll, beforeAll } from 'vitest';
import { DebianMachine } from './debian-machine.ts';
import { everythingForeign } from './in-effect.ts';
import { Rendered } from './rendered.ts';

/** A web server that the machine is large enough for. */
export const SHOP = `extends: web-server
host: { memory: 1GiB }
traffic: { ports: [80], connectionsPerSecond: 1000, concurrentConnections: 100, outbound: [] }
`;

/** The same without packet rules: a proof takes half a minute on an emulated processor, and most tests are about something else. */
export const TRACKED_SHOP = `${SHOP.replace('1000', '500')}conntrack: { untracked: { served: false } }\n`;

/** What the tests of a `describe` share: a machine on which one happens after the other. */
export interface Story {
  readonly machine: DebianMachine;
  /** All that was there before the first test. */
  readonly before: readonly string[];
  /** What a profile of the machine's size becomes. */
  readonly render: (name: string, profile: string) => Rendered;
}

/** The machine starts before the first test and stops after the last, as do the artifacts; `then` comes before all tests. */
export function onDebian(then: (story: Story) => Promise<unknown> = async () => {}): Story {
  const rendered: Rendered[] = [];
  const render = (name: string, profile: string) => {
    const artifacts = new Rendered(name, profile);
    rendered.push(artifacts);
    return artifacts;
  };
  const story: { -readonly [Key in keyof Story]?: Story[Key] } = { render };
  beforeAll(async () => {
    story.machine = await DebianMachine.start();
    story.before = await everythingForeign(story.machine);
    await then(story as Story);
  });
  afterAll(async () => {
    await story.machine?.stop();
    for (const artifacts of rendered) artifacts.remove();
  });
  return story as Story;
}
