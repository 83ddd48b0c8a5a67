import { SCHEMAS } from '#generated/schemas.ts';
import { templates, texts } from '#generated/templates.js';
import { REPOSITORY, VERSION } from '#generated/texts.ts';
import type { View } from '../outputs/output.ts';
import { fillTemplate } from '../text/fill-template.ts';
import type { Artifact } from '../values/artifact.ts';
import { describeProfile } from './describe-profile.ts';
import type { Answers } from './question.ts';
import { CI_SYSTEMS, REPOSITORY_FILES, type RepositoryFile } from './repository-files.ts';

/** A file that is not there yet. */
export type NewFile = Pick<Artifact, 'path' | 'mode' | 'content' | 'purpose'>;

/** A repository of profiles, but for what is rendered of them. */
export interface RepositoryDraft {
  readonly files: readonly NewFile[];
  /** What is there already and stays, each with what to know of it. */
  readonly kept: readonly { readonly path: string; readonly remark: string }[];
}

/** A repository with a profile for these answers, beside the files that are there. */
export function draftRepository(answers: Answers, isThere: (path: string) => boolean): RepositoryDraft {
  const systems = CI_SYSTEMS.filter((system) => [answers['ci']].flat().includes(system));
  const wanted = REPOSITORY_FILES.filter(({ ci }) => ci === undefined || systems.includes(ci));
  const kept = wanted.flatMap(({ path, kept: remark }) =>
    remark !== undefined && isThere(path) ? [{ path, remark }] : [],
  );
  const rows = wanted.flatMap((row) => (kept.some(({ path }) => path === row.path) ? moveAside(row) : [row]));
  const insert = (text: string) =>
    text
      .replaceAll('@name@', String(answers['name']))
      .replaceAll('@role@', String(answers['role']))
      .replaceAll('@version@', VERSION)
      .replaceAll('@readme@', rows.find(isReadme)?.path ?? '');
  const view = {
    ...describeProfile(answers),
    version: VERSION,
    repository: REPOSITORY,
    readme: insert('@readme@'),
    files: rows.map(({ path, purpose }) => ({ path: insert(path), purpose })),
    deployments: systems.map((system) => ({ text: textOf(`deploy/${system}.md`).trimEnd() })),
  };
  return {
    files: rows.map(({ path, purpose, body }) => ({
      path: insert(path),
      purpose,
      mode: 0o644,
      content: fillBody(body, insert, view),
    })),
    kept,
  };
}

/** Our own file where there is another one in its place. */
function moveAside(row: RepositoryFile): RepositoryFile[] {
  return row.elsewhere === undefined ? [] : [{ ...row, path: row.elsewhere }];
}

const isReadme = ({ body }: RepositoryFile): boolean => 'template' in body && body.template === 'README.md';

function fillBody(body: RepositoryFile['body'], insert: (text: string) => string, view: View): string {
  if ('schema' in body) return SCHEMAS[body.schema] ?? '';
  if ('text' in body) return insert(textOf(body.text));
  const name = `init/${insert(body.template)}`;
  return fillTemplate(name, templates[name], view);
}

function textOf(name: string): string {
  const text = texts[`init/${name}`];
  if (text === undefined) throw new Error(`there is no text init/${name}`);
  return text;
}
