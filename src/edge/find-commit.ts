import { printable, quote } from '../text/printable.ts';
import { askGit } from './git.ts';
import { Misuse } from './misuse.ts';

/** The full name of the commit that a user names. */
export function findCommit(name: string, repository: string): string {
  if (name === '' || name.startsWith('-')) throw new Misuse(`--git takes a revision, and ${quote(name)} is none`);
  const { isFine, text, complaint } = askForCommit(name, repository);
  // A revision that is to be left out has a ^ in front of its name.
  if (isFine && /^[0-9a-f]+$/.test(text)) return text;
  throw new Misuse(describeMissing(name, repository, complaint));
}

function askForCommit(name: string, repository: string) {
  const { bytes, ...rest } = askGit(repository, ['rev-parse', '--verify', '--end-of-options', `${name}^{commit}`]);
  return { ...rest, text: bytes.toString('utf8').trim() };
}

/** Why there is no such revision, and what to do about it. */
function describeMissing(name: string, repository: string, complaint: string): string {
  const shown = printable(repository);
  if (complaint.includes('dubious ownership'))
    return `git does not trust ${shown}, which is somebody else's, unless \`safe.directory\` in your configuration of git names it`;
  if (/^(not a git|invalid|bad config|cannot|unknown)/.test(complaint))
    return `git cannot read the repository ${shown}: ${printable(complaint)}`;
  if (complaint !== '') return `git finds no revision ${quote(name)}: ${printable(complaint)}`;
  if (askGit(repository, ['rev-list', '--all', '--max-count=1']).bytes.length === 0)
    return 'this repository has no commit yet, so there is nothing to compare with';
  const missing = `there is no revision ${quote(name)} in this repository`;
  if (askForCommit(`origin/${name}`, repository).isFine) return `${missing}; did you mean ${quote(`origin/${name}`)}?`;
  if (isShallow(repository))
    return `${missing}, which is a shallow clone: \`git fetch --unshallow\` brings the rest of it, and in CI a checkout with \`fetch-depth: 0\``;
  return `${missing}: \`git fetch origin\` brings those of origin, and a branch is then named origin/…`;
}

function isShallow(repository: string): boolean {
  return askGit(repository, ['rev-parse', '--is-shallow-repository']).bytes.toString('utf8').trim() === 'true';
}
