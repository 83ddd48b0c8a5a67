import { HOST_PROGRAM } from '#generated/host.ts';
import { templates, texts } from '#generated/templates.js';
import type { Body, Draft, Output } from './outputs/output.ts';
import { OUTPUTS } from './outputs/outputs.ts';
import { fillTemplate } from './text/fill-template.ts';
import { putHeader } from './text/header.ts';
import type { Artifact } from './values/artifact.ts';
import type { Plan } from './values/plan.ts';

/** Runs on every host, and is the same for all: it lies beside the folders of the profiles. */
export const hostProgram: Artifact = {
  path: 'nettune-host',
  mode: 0o755,
  content: HOST_PROGRAM,
  output: 'host',
  purpose: 'puts a plan into effect on a host, verifies it, and takes it away',
  carries: [],
};

/** All files for one plan, in the outputs' order, each below a folder of the profile's name. */
export function renderArtifacts(plan: Plan): Artifact[] {
  const artifacts = OUTPUTS.reduce<Artifact[]>((others, output) => {
    const drafts = output.draft(plan, others);
    return [...others, ...drafts.map((draft) => renderDraft(draft, output, plan))];
  }, []);
  return artifacts.map((artifact) => ({ ...artifact, path: `${plan.name}/${artifact.path}` }));
}

function renderDraft(
  { path, mode = 0o644, purpose, carries = [], body }: Draft,
  { id: output }: Output,
  plan: Plan,
): Artifact {
  return { path, mode, purpose, carries, content: putHeader(path, fillBody(body, plan), plan), output };
}

function fillBody(body: Body, { name }: Plan): string {
  if ('template' in body) return fillTemplate(body.template, templates[body.template], body.view);
  const text = texts[body.text];
  if (text === undefined) throw new Error(`there is no text ${body.text}`);
  return text.replaceAll('@name@', name).replaceAll('@id@', name.replaceAll('-', '_'));
}
