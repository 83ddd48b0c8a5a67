import { compile } from '../pipeline.ts';
import { printableJson } from '../text/printable.ts';
import type { Path } from '../values/node.ts';
import { sourceOf } from '../values/source.ts';
import type { Answer, Fault, Question } from './question.ts';

/** What is wrong with an answer by itself, as a profile with nothing else in it would be told; undefined for a good one. */
export function judgeAnswer({ path, judge }: Question, answer: Answer): Fault | undefined {
  if (judge) return judge(answer);
  const profile = { name: 'profile', extends: 'web-server', ...nest(path, answer) };
  const source = sourceOf('profile.yaml', printableJson(profile)); // JSON is YAML
  const { compiled, problems } = compile([source], () => ({ fault: 'is not there', remedy: 'none' }));
  return compiled.length > 0 ? undefined : problems[0];
}

function nest([key = '', ...rest]: Path, value: Answer): object {
  return { [key]: rest.length === 0 ? value : nest(rest, value) };
}
