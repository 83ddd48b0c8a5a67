import type { DebianMachine } from './debian-machine.ts';
import type { Answer } from './execute.ts';
import type { Rendered } from './rendered.ts';

/** A way in which what was rendered gets onto a machine and into effect. */
export interface Way {
  readonly name: string;
  apply(machine: DebianMachine, rendered: Rendered): Promise<Answer>;
  verify(machine: DebianMachine, rendered: Rendered): Promise<Answer>;
  remove(machine: DebianMachine, rendered: Rendered): Promise<Answer>;
  /** What it prints when it has found nothing to do. */
  readonly unchanged: string;
}

const call = (script: string) => async (machine: DebianMachine, rendered: Rendered) => {
  await machine.send(rendered.at(''), rendered.name);
  return machine.run(`sh ${rendered.name}/shell/${script}.sh`);
};

const SCRIPTS: Way = {
  name: 'the shell scripts',
  apply: call('apply'),
  verify: call('verify'),
  remove: call('remove'),
  unchanged: 'nothing was changed',
};

/** Every scenario runs once through each of them. */
export const WAYS: readonly Way[] = [SCRIPTS];
