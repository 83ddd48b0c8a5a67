import { writeFileSync } from 'node:fs';
import type { DebianMachine } from './debian-machine.ts';
import { type Answer, execute } from './execute.ts';
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

const call = (command: string) => async (machine: DebianMachine, rendered: Rendered) => {
  await machine.send(rendered.folder, 'out');
  return machine.run(`sh out/nettune-host ${command} out/${rendered.name}`);
};

export const PROGRAM: Way = {
  name: 'the host program',
  apply: call('apply'),
  verify: call('verify'),
  remove: call('remove'),
  unchanged: 'nothing was changed',
};

const ENVIRONMENT = ['ANSIBLE_NOCOLOR=1', 'ANSIBLE_PIPELINING=1', 'ANSIBLE_HOST_KEY_CHECKING=0'];

/** Plays the playbook. Ansible keeps a connection of its own, which the role closes to see whether a new one can be made. */
export const play = (...options: readonly string[]) => {
  return async (machine: DebianMachine, rendered: Rendered): Promise<Answer> => {
    const inventory = rendered.at('inventory');
    writeFileSync(inventory, `[${rendered.name}]\n${machine.inventoryLine}\n`);
    const args = ['-i', inventory, rendered.at('playbook.yml'), ...options];
    const home = `HOME=${rendered.at('')}`;
    const { code, output } = await execute('env', [...ENVIRONMENT, home, 'ansible-playbook', ...args]);
    return { code: code === 0 ? 0 : 1, output };
  };
};

/** What is not as planned would be changed. */
async function findChanges(machine: DebianMachine, rendered: Rendered): Promise<Answer> {
  const { code, output } = await play('--check')(machine, rendered);
  return { code: output.includes('changed=0 ') ? code : 1, output };
}

export const ROLE: Way = {
  name: 'the role',
  apply: play(),
  verify: findChanges,
  remove: (machine, rendered) => play('-e', `nettune_${rendered.name}_state=absent`)(machine, rendered),
  unchanged: 'changed=0 ',
};

/** The role brings the program and its files, calls it, and confirms; what comes after that is the same with both. */
export const WAYS: readonly Way[] = [PROGRAM, ROLE];
