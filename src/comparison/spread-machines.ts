import { groupBy } from '../values/group-by.ts';
import type { Subject } from './subject.ts';

/**
 * A profile that is for one machine on this side and for several on the other, once for each of those: their hosts all have the
 * one plan, or will have it. Everything else as it is.
 */
export function spreadMachines(subjects: readonly Subject[], otherSide: readonly Subject[]): Subject[] {
  const others = new Map(groupBy(otherSide, ({ plan }) => plan.name));
  return subjects.flatMap((subject) => {
    const machines = (others.get(subject.plan.name) ?? []).flatMap(({ plan }) => plan.machine ?? []);
    if (subject.plan.machine !== undefined || machines.length === 0) return [subject];
    return machines.map((machine) => ({ ...subject, plan: { ...subject.plan, machine } }));
  });
}
