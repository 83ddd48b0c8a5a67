/** Who may run the checks. */
export const CI_SYSTEMS = ['github', 'gitlab'] as const;

export type CiSystem = (typeof CI_SYSTEMS)[number];

/** A file of a new repository of profiles. In paths and texts `@name@` and `@role@` stand for the profile's. */
export interface RepositoryFile {
  readonly path: string;
  readonly purpose: string;
  /** The system whose file it is; one without is for everybody. */
  readonly ci?: CiSystem;
  /** What to know where there is one already, which is kept; without it, one that is there is in the way. */
  readonly kept?: string;
  /** Where ours goes then. */
  readonly elsewhere?: string;
  readonly body: /** Below templates/init, as the other texts there are. */
    | { readonly template: string }
    /** Copied as it is, but for `@version@` and `@readme@`. */
    | { readonly text: string }
    /** As `nettune schema` prints it. */
    | { readonly schema: string };
}

/** Every file but those that nettune renders of the profile, in the order in which a newcomer should see them. */
export const REPOSITORY_FILES: readonly RepositoryFile[] = [
  {
    path: 'profiles/@name@.yaml',
    purpose: 'the profile: what a group of hosts is for, and what it carries',
    body: { template: 'profiles/@role@.yaml' },
  },
  {
    path: 'README.md',
    purpose: 'what lies where, and the daily work',
    kept: 'as it is',
    elsewhere: 'NETTUNE.md',
    body: { template: 'README.md' },
  },
  {
    path: 'inventory.example.yml',
    purpose: 'an example of the hosts as Ansible knows them',
    body: { template: 'inventory.yml' },
  },
  {
    path: '.github/workflows/nettune.yml',
    purpose: 'GitHub checks each pull request, and can deploy',
    ci: 'github',
    body: { text: 'github.yml' },
  },
  {
    path: '.gitlab-ci.yml',
    purpose: 'GitLab checks each merge request, and can deploy',
    ci: 'gitlab',
    body: { template: 'gitlab-ci.yml' },
  },
  {
    path: '.pre-commit-config.yaml',
    purpose: 'pre-commit checks each commit, for those who use it',
    kept: 'as it is; it may name the hooks nettune-validate and nettune-render-check',
    body: { template: 'pre-commit-config.yaml' },
  },
  {
    path: 'schemas/profile.schema.json',
    purpose: 'tells editors what a profile may contain',
    body: { schema: 'profile' },
  },
  {
    path: '.gitattributes',
    purpose: 'line ends, and what is generated',
    kept: 'as it is; where Git changes line ends, it needs `out/** text eol=lf`',
    body: { text: 'gitattributes' },
  },
  { path: '.editorconfig', purpose: 'how editors indent', kept: 'as it is', body: { text: 'editorconfig' } },
];
