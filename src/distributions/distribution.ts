/** What nettune has to know of a distribution to write files for it. */
export interface DistributionRow {
  readonly id: string;
  /** As its makers spell it. */
  readonly title: string;
  readonly family: 'debian' | 'redhat';
  /** The kernel series it ships. */
  readonly kernel: string;
  readonly apache: ApacheInstallation;
  readonly squid: SquidInstallation;
  /** How Ansible's facts name it. */
  readonly facts: { readonly distributions: readonly string[]; readonly majorVersion: string };
  /** How Ansible Galaxy names it. */
  readonly platform: { readonly name: string; readonly version: string };
}

/** Where a distribution keeps Apache httpd. */
export interface ApacheInstallation {
  readonly service: string;
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
