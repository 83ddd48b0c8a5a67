/** What a profile must not set, and why; the rest of the sentence `it …`. */
interface RefusedParameter {
  readonly names: RegExp;
  readonly because: string;
}

const RUNS_PROGRAMS = 'names a program that the kernel runs as root';

const GUARDS = 'guards the host, and a profile may come from anybody';

const REFUSED: readonly RefusedParameter[] = [
  { names: /^kernel\.(core_pattern|modprobe|hotplug|poweroff_cmd)$/, because: RUNS_PROGRAMS },
  {
    names: /^kernel\.usermodehelper\.|^fs\.binfmt_misc\./,
    because: 'decides which programs run, and with which rights',
  },
  {
    names: /^kernel\.modules_disabled$/,
    because: 'lets no module be loaded until the next boot, also not those that packet rules need',
  },
  { names: /^vm\.(drop_caches|compact_memory)$/, because: 'does something once and keeps no value' },
  {
    names:
      /^kernel\.(randomize_va_space|kptr_restrict|dmesg_restrict|perf_event_paranoid|unprivileged_bpf_disabled|unprivileged_userns_clone|yama\..*|sysrq|kexec_load_disabled|exec-shield)$/,
    because: GUARDS,
  },
  { names: /^fs\.(suid_dumpable|protected_\w+)$|^vm\.(mmap_min_addr|unprivileged_userfaultfd)$/, because: GUARDS },
];

/** Why a profile must not set it; undefined where it is only not known. */
export function refusalOf(name: string): string | undefined {
  return REFUSED.find(({ names }) => names.test(name))?.because;
}
