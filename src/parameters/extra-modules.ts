import { isRedhatSince, type KernelBuild } from '../values/host.ts';

/** The package of Red Hat's that has modules which most hosts do without; not every host has it. */
const EXTRA = 'kernel-modules-extra';

/** All that Red Hat 9 and 10 build of them; `sctp` is there for who sets net.sctp. */
const SINCE_8 = ['tcp_bic', 'tcp_htcp', 'tcp_illinois', 'tcp_westwood', 'sctp'];

/** By release. Source: mod-extra.list of 4.18.0-240 to 5.14.0-570, def_variants.yaml of 6.12.0-55. */
const IN_EXTRA: Readonly<Record<string, readonly string[]>> = {
  '8': [...SINCE_8, ...['highspeed', 'hybla', 'lp', 'scalable', 'vegas', 'veno', 'yeah'].map((name) => `tcp_${name}`)],
  '9': SINCE_8,
  '10': [...SINCE_8, 'br_netfilter'],
};

/** The package that a module comes with, where a host may lack it. */
export function packageOf(module: string, build: KernelBuild): string | undefined {
  const isExtra = Object.entries(IN_EXTRA).some(
    ([release, modules]) => isRedhatSince(build, release) && modules.includes(module),
  );
  return isExtra ? EXTRA : undefined;
}
