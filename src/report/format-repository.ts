import type { RepositoryDraft } from '../init/draft-repository.ts';
import { printable } from '../text/printable.ts';
import type { Artifact } from '../values/artifact.ts';
import type { Style } from './style.ts';

/** A repository of profiles that was just made. */
interface NewRepository extends RepositoryDraft {
  /** As the user named it. */
  readonly folder: string;
  /** The same without links. */
  readonly found: string;
  /** The repository of Git that it lies in, if any. */
  readonly repository: string | undefined;
  readonly artifacts: readonly Artifact[];
}

/** What was written, and what comes next. */
export function formatRepository(made: NewRepository, style: Style): string {
  const files = [...made.files, { path: 'out/', purpose: `${made.artifacts.length} files: what the profile makes` }];
  const width = Math.max(...[...files, ...made.kept].map(({ path }) => path.length));
  return [
    ...files.map(({ path, purpose }) => `${style('green', 'create')}  ${path.padEnd(width)}  ${style('dim', purpose)}`),
    ...made.kept.map(({ path, remark }) => `${style('dim', 'keep')}    ${path.padEnd(width)}  ${style('dim', remark)}`),
    '',
    ...describeNext(made),
    '',
  ].join('\n');
}

function describeNext({ folder, found, repository, files }: NewRepository): string[] {
  const [profile] = files;
  return [
    'Next:',
    ...(folder === '.' ? [] : [`  cd ${spellForShell(folder.startsWith('-') ? `./${folder}` : folder)}`]),
    ...(repository === undefined ? ['  git init --initial-branch main'] : []),
    '  git add --all && git commit --message "Profiles for nettune"',
    `  nettune explain ${profile?.path}`,
    ...(repository === undefined || repository === found
      ? []
      : [
          '',
          `GitHub and GitLab read their files in the root of a repository, ${printable(repository)}: move them there.`,
        ]),
  ];
}

/** A name as a shell reads it; one that cannot be shown as it is has to be typed by its owner. */
function spellForShell(name: string): string {
  const shown = printable(name);
  return /^[\w./][\w./-]*$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
