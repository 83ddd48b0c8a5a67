import { beforeSizing, ENTRIES, entriesFitting } from '../../../src/rules/connection-table.ts';
import { expectFallback } from '../../../src/rules/expected-entries.ts';
import { withHeadroom } from '../../../src/sizing/headroom.ts';
import { defaultEntries } from '../../../src/sizing/kernel-table.ts';
import { numberFor } from '../../../src/values/decided.ts';
import { formatCount } from '../../../src/values/quantities.ts';
import { compileBytes } from '../compile-profile.ts';
import { drawBar, drawPicture } from './svg.ts';

const STEP = 34;

/** How the connection table of the shipped gateway comes to its size: the numbers are those of its plan. */
export function drawSizing(): string {
  const { compiled } = compileBytes(new TextEncoder().encode('name: gateway\nextends: nat-gateway\n'));
  const [{ plan } = { plan: undefined }] = compiled;
  if (plan === undefined) throw new Error('the shipped gateway does not compile');
  const given = beforeSizing(plan);
  const needed = expectFallback(given)?.count ?? 0;
  const bars = [
    { name: 'Expected at the peak', count: needed, kind: 'other' },
    { name: 'With headroom 1.5', count: withHeadroom(needed), kind: 'other' },
    { name: "The kernel's default", count: defaultEntries(plan.host), kind: 'other' },
    { name: 'Planned', count: numberFor(plan, ENTRIES) ?? 0, kind: 'ours' },
    { name: 'Limit: 10 % of memory', count: entriesFitting(given), kind: 'other' },
  ] as const;
  const most = Math.max(...bars.map(({ count }) => count));
  return drawPicture({
    title: `The connection table of the shipped NAT gateway: ${bars.map(({ name, count }) => `${name}: ${formatCount(count)}`).join('; ')}`,
    width: 852,
    height: bars.length * STEP + 4,
    parts: bars.map(({ name, count, kind }, index) =>
      drawBar({ y: 2 + index * STEP, name, value: `${formatCount(count)} entries`, share: count / most, kind }),
    ),
  });
}
