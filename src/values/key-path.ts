import type { MapNode, Path } from './node.ts';

/** A key path as causes spell it: keys with dots between. `sysctl` is followed by a single key, whose name has dots in it; `value` and `because` are the keys below that. */
export function parseKeyPath(path: string): Path {
  const [, name, leaf] = /^sysctl\.(.+?)(?:\.(value|because))?$/.exec(path) ?? [];
  if (name === undefined) return path.split('.');
  return leaf === undefined ? ['sysctl', name] : ['sysctl', name, leaf];
}

/** The key paths of all values, a list and an override counting as one. */
export function listKeyPaths(root: MapNode, above: readonly string[] = []): string[] {
  return [...root.entries].flatMap(([key, { value }]) => {
    const steps = [...above, key];
    return value.kind === 'map' && above[0] !== 'sysctl' ? listKeyPaths(value, steps) : [steps.join('.')];
  });
}
