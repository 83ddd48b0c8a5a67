import type { Profile } from '../../generated/profile.ts';
import { compile } from '../../src/pipeline.ts';
import type { Compilation } from '../../src/values/compilation.ts';

/** The stages without disk: a profile written as YAML and compiled. JSON is YAML, but for DEL, which YAML wants escaped. */
export function compileProfile(profile: Profile): Compilation {
  return compileBytes(new TextEncoder().encode(writeYaml(profile)));
}

export function compileBytes(bytes: Uint8Array, name = 'profile.yaml'): Compilation {
  return compile([{ name, identity: '/profile.yaml', isNamed: true, bytes }]);
}

export function writeYaml(value: unknown): string {
  return JSON.stringify(value).replaceAll('\u007f', '\\u007f');
}
