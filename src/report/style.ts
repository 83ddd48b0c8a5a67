import { styleText } from 'node:util';

/** Puts emphasis on text, or leaves it alone. */
export type Style = (emphasis: 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan', text: string) => string;

export const plain: Style = (_, text) => text;

export const coloured: Style = (emphasis, text) => styleText(emphasis, text, { validateStream: false });
