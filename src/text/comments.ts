import type { Decision } from '../values/plan.ts';
import { wrapComment } from './printable.ts';

/** The comment above a value: its reason, and the key paths that caused it. */
export function commentOn({ reason, causes }: Pick<Decision, 'reason' | 'causes'>, mark = '#'): string[] {
  const from = causes.length > 0 ? ` From: ${causes.join(', ')}.` : '';
  const sentence = /[.!?]\s*$/.test(reason) ? reason.trimEnd() : `${reason.trimEnd()}.`;
  return wrapComment(`${sentence}${from}`, mark);
}

/**
 * By this line a loader knows that it may load what it cannot prove, and says why: one line, whatever the reason holds. It
 * stands below the first empty line of a file, where no summary can pass for it.
 */
export function noteUnproven(reason: string | undefined): string[] {
  return reason === undefined ? [] : wrapComment(`unproven: ${reason}`, '#', Number.POSITIVE_INFINITY);
}
