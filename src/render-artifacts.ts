import { HOST_PROGRAM } from '#generated/host.ts';
import { templates, texts } from '#generated/templates.js';
import { layOutFiles } from './lay-out-files.ts';
import type { Body, Draft, Output } from './outputs/output.ts';
import { OUTPUTS } from './outputs/outputs.ts';
import { fillTemplate } from './text/fill-template.ts';
import { putHeader } from './text/header.ts';
import type { Artifact } from './values/artifact.ts';
import type { Plan, Plans } from './values/plan.ts';

/** Runs on every host, and is the same for all: it lies beside the folders of the profiles. */
export const hostProgram: Artifact = {
  path: 'nettune-host',
  mode: 0o755,
  content: HOST_PROGRAM,
  output: 'host',
  purpose: 'puts a plan into effect on a host, verifies it, and takes it away',
  carries: [],
};

/**
 * All files for a profile, in the outputs' order, each below a folder of the profile's name: for each of its plans those that a
 * host of that machine is concerned with. A file that several are concerned with is the same value for all.
 */
export function renderArtifacts(plans: Plans): Artifact[][] {
  const [{ name }] = plans;
  const inFolder = (artifact: Artifact) => ({ ...artifact, path: `${name}/${artifact.path}` });
  const { shared, own } = layOutFiles(plans, plans.map(renderMachine));
  const gathered = gather(plans, [...shared, ...own.flat()]);
  const [first, last] = [shared.map(inFolder), gathered.map(inFolder)];
  return own.map((files) => [...first, ...files.map(inFolder), ...last]);
}

/** With paths as a host of this machine will have them. */
function renderMachine(plan: Plan): Artifact[] {
  return OUTPUTS.reduce<Artifact[]>((others, output) => {
    const drafts = output.draft?.(plan, others) ?? [];
    return [...others, ...drafts.map((draft) => renderDraft(draft, output, plan))];
  }, []);
}

function gather(plans: Plans, files: readonly Artifact[]): Artifact[] {
  return OUTPUTS.reduce<Artifact[]>((gathered, output) => {
    const drafts = output.gather?.(plans, [...files, ...gathered]) ?? [];
    return [...gathered, ...drafts.map((draft) => renderDraft(draft, output, plans[0]))];
  }, []);
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
