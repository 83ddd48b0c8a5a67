import type { Architecture } from '../values/host.ts';
import type { Mpm } from './httpd-generations.ts';

/** What nettune has to know of a distribution to write files for it. */
export interface DistributionRow {
  readonly id: string;
  /** As its makers spell it. */
  readonly title: string;
  readonly family: 'debian' | 'redhat';
  /** The kernel series it ships. */
  readonly kernel: string;
  /** The Red Hat release whose kernel it has, backports and all; absent where the kernel is another one. */
  readonly backports?: string;
  /** Those that it has a kernel for. */
  readonly architectures: readonly Architecture[];
  readonly programs: Programs;
  /** What packet rules can be relied on to be loaded with. */
  readonly packetRules: 'iptables' | 'nftables';
  /** Whether /etc/sysctl.conf still counts at boot. Where it does it comes after sysctl.d, and its values win. */
  readonly readsSysctlConf: boolean;
  /** Whether the script behind iptables.service unloads the connection tracker when it stops, unless it is told not to. */
  readonly unloadsTracker?: true;
  /** Whether modprobe reads /etc/modprobe.d; otherwise it reads /etc/modprobe.conf alone, which is the host's own. */
  readonly readsModprobeFolder: boolean;
  readonly apache: ApacheInstallation;
  readonly squid: SquidInstallation;
  /** How Ansible's facts name it. */
  readonly facts: { readonly distributions: readonly string[]; readonly majorVersion: string };
  /** The Python that Ansible finds there, where ansible-core 2.17 and later do not support it (2.7, 3.6). */
  readonly oldPython?: string;
  /** How Ansible Galaxy names it. */
  readonly platform: { readonly name: string; readonly version: string };
}

/** Versions as of its last updates that were seen, without what the distribution adds to them by patches. */
export interface Programs {
  readonly iptables: string;
  /** Absent where there is none that can load our table. */
  readonly nft?: string;
  /** One that cannot. */
  readonly oldNft?: string;
  readonly httpd: string;
  readonly squid: string;
  /** Absent where SysV init scripts start everything. */
  readonly systemd?: string;
  readonly procps: string;
}

/** Where a distribution keeps Apache httpd. */
export interface ApacheInstallation {
  /** The package, and the service in it. */
  readonly service: string;
  /** The MPM that it runs with unless somebody enables another one. */
  readonly enabledMpm: 'event' | 'prefork';
  /** Requests at once that each MPM serves when nobody says otherwise: by the distribution's own files, or as httpd is compiled. */
  readonly shippedWorkers: Readonly<Record<Mpm, number>>;
  /** The folder, below /, for a snippet. */
  readonly snippets: string;
  /** The folder that a snippet must be linked into to be read; undefined where the first one is read itself. */
  readonly enabled?: string;
  /** The environment variable from which its apachectl takes a limit of open files; it sets one of its own without. */
  readonly limitVariable?: string;
}

/** Where a distribution keeps Squid. */
export interface SquidInstallation {
  /** The folder, below /, for a snippet. */
  readonly snippets: string;
  /** Whether its squid.conf includes that folder; otherwise it needs a line for each file. */
  readonly isIncluded: boolean;
}
