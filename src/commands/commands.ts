import type { AddCommand } from './command.ts';
import { addRender } from './render.ts';
import { addValidate } from './validate.ts';

/** Every command, in the order in which help lists them. */
export const COMMANDS: readonly AddCommand[] = [addValidate, addRender];
