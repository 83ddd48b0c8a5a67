import { isRedhatSince, type KernelBuild } from '../values/host.ts';
import { forKernel } from '../values/kernel-version.ts';
import type { ParameterRow } from './parameter.ts';

/** The module of the table itself. */
export const TABLE_MODULES: NonNullable<ParameterRow['modules']> = [
  { until: '2.6.20', module: 'ip_conntrack' },
  { since: '2.6.20', module: 'nf_conntrack' },
];

/** The module of TCP, UDP and ICMP: a module of its own until 4.19. */
export const PROTOCOL_MODULES: NonNullable<ParameterRow['modules']> = [
  { until: '2.6.20', module: 'ip_conntrack' },
  { since: '2.6.20', until: '4.19', module: 'nf_conntrack_ipv4' },
  { since: '4.19', module: 'nf_conntrack' },
];

/** Red Hat Enterprise Linux 8 has 4.19's modules from 8.3 on (8.1 has not; 8.2 was not looked at). */
export const MERGED_MODULES = { '8': { module: 'nf_conntrack' } } as const;

/** Those that bring the table and all its keys; a later one needs those before it. */
export function conntrackModules(build: KernelBuild): readonly string[] {
  const { kernel } = build;
  const table = forKernel(kernel, TABLE_MODULES)?.module;
  const protocols = isRedhatSince(build, '8')
    ? MERGED_MODULES['8'].module
    : forKernel(kernel, PROTOCOL_MODULES)?.module;
  return [...new Set([table, protocols])].filter((module) => module !== undefined);
}

/** The name of the old tracker, which later kernels until 4.9 offer beside the new one when built so. */
export function oldName(rest: string): Required<ParameterRow>['formerNames'] {
  return [{ until: '2.6.20', name: `net.ipv4.netfilter.ip_conntrack_${rest}`, lingersUntil: '4.9' }];
}
