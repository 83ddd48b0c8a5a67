import { SCHEMAS } from '#generated/schemas.ts';
import { templates, texts } from '#generated/templates.js';
import { REPOSITORY, VERSION } from '#generated/texts.ts';
import type { View } from '../outputs/output.ts';
import { fillTemplate } from '../text/fill-template.ts';
import type { Artifact } from '../values/artifact.ts';
import { describeProfile } from './describe-profile.ts';
import type { Answers } from './question.ts';
import { type CiSystem, REPOSITORY_FILES, type RepositoryFile } from './repository-files.ts';

/** A file that is not there yet. */
export type NewFile = Pick<Artifact, 'path' | 'mode' | 'content' | 'purpose'>;

/** A repository of profiles, with one for these answers, but for what is rendered of it. */
export function draftRepository(answers: Answers, ci: readonly CiSystem[]): NewFile[] {
  const rows = REPOSITORY_FILES.filter((row) => row.ci === undefined || ci.includes(row.ci));
  const insert = (text: string) =>
    text.replaceAll('@name@', String(answers['name'])).replaceAll('@role@', String(answers['role']));
  const view = {
    ...describeProfile(answers),
    version: VERSION,
    repository: REPOSITORY,
    files: rows.map(({ path, purpose }) => ({ path: insert(path), purpose })),
    deployments: ci.map((system) => ({ text: textOf(`deploy/${system}.md`).trimEnd() })),
  };
  return rows.map(({ path, purpose, body }) => ({
    path: insert(path),
    purpose,
    mode: 0o644,
    content: fillBody(body, insert, view),
  }));
}

function fillBody(body: RepositoryFile['body'], insert: (text: string) => string, view: View): string {
  if ('schema' in body) return SCHEMAS[body.schema] ?? '';
  if ('text' in body) return textOf(body.text).replaceAll('@version@', VERSION);
  const name = `init/${insert(body.template)}`;
  return fillTemplate(name, templates[name], view);
}

function textOf(name: string): string {
  const text = texts[`init/${name}`];
  if (text === undefined) throw new Error(`there is no text init/${name}`);
  return text;
}
