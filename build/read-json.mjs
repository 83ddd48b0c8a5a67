import { readFile } from 'node:fs/promises';

export const readJson = async (/** @type {string} */ path) => JSON.parse(await readFile(path, 'utf8'));
