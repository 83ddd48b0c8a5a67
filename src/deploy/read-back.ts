import { BUCKETS } from '../rules/table-buckets.ts';
import { roundBuckets } from '../sizing/kernel-table.ts';
import { formatValue } from '../values/format-value.ts';
import type { Decision, Plan } from '../values/plan.ts';

/** A value as the kernel prints it: buckets fill whole pages. */
export function readBack({ parameter, value }: Decision, { host }: Plan): string {
  const isRounded = parameter === BUCKETS && typeof value === 'number';
  return formatValue(isRounded ? roundBuckets(value, host) : value);
}
