import type { Architecture } from '../values/host.ts';

const KIB = 1024;

/** Every x86_64 has pages of 4 KiB. */
export const X86_64: Architecture = { name: 'x86_64', bits: 64, pageBytes: 4 * KIB };

/** What kernels for ARM are built with unless their makers chose otherwise; another flavour of a kernel is not told apart. */
export const AARCH64: Architecture = { name: 'aarch64', bits: 64, pageBytes: 4 * KIB };

/** Red Hat's choice up to release 8 (fluent-package-builder #177 for 7 and 8, dotnet/runtime #75737; 9: autotest/tp-qemu #3259). */
export const AARCH64_LARGE_PAGES: Architecture = { ...AARCH64, pageBytes: 64 * KIB };

/** `uname -m` of kernels for any 32-bit PC; nettune has no name for the older ones beside it. */
export const I686: Architecture = { name: 'i686', bits: 32, pageBytes: 4 * KIB };

/** As they are where nothing else is known of a distribution. */
export const ARCHITECTURES: readonly Architecture[] = [X86_64, AARCH64, I686];
