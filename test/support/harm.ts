import type { Observation } from './oracle.ts';

/**
 * What has become of connections since: whoever got in and does not, whoever did not and does, answers cut short, open
 * connections that ended, segments that reach TCP. How somebody is refused, in silence or with a reset, is no harm.
 */
export function harm(before: Observation, after: Observation): string[] {
  return [...before].flatMap(([what, was]) => {
    const is = after.get(what) ?? 'not tried';
    return weigh(was) === weigh(is) ? [] : [`${what}: ${was}, then ${is}`];
  });
}

const weigh = (result: string) => result.replace(/^(silent|refused)$/, 'not opened');
