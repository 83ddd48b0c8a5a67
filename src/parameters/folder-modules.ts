import type { KernelBuild } from '../values/host.ts';
import { forKernel } from '../values/kernel-version.ts';
import type { ParameterRow } from './parameter.ts';

type Modules = NonNullable<ParameterRow['modules']>;

/** What brings net.bridge: a module of its own since 3.18. */
export const BRIDGE_MODULES: Modules = [
  { until: '3.18', module: 'bridge', unverified: true },
  { since: '3.18', module: 'br_netfilter', unverified: true },
];

/** Folders of keys that are there only while a module is. */
const FOLDERS: readonly { readonly folder: string; readonly modules: Modules }[] = [
  { folder: 'net.bridge.', modules: BRIDGE_MODULES },
  { folder: 'net.ipv4.vs.', modules: [{ module: 'ip_vs' }] },
  { folder: 'net.sctp.', modules: [{ module: 'sctp' }] },
];

/** The module that brings a key on this kernel, by where it lies: for keys that the catalogue lacks. */
export function moduleOfFolder(name: string, { kernel }: KernelBuild): string | undefined {
  return forKernel(kernel, FOLDERS.find(({ folder }) => name.startsWith(folder))?.modules ?? [])?.module;
}
