import { stringify } from 'yaml';
import type { Profile } from '../../generated/profile.ts';
import { type Compilation, compile } from '../../src/pipeline.ts';

/** The stages without disk: a profile written as YAML and compiled. */
export function compileProfile(profile: Profile): Compilation {
  return compileBytes(new TextEncoder().encode(stringify(profile)));
}

export function compileBytes(bytes: Uint8Array): Compilation {
  return compile([{ name: 'profile.yaml', identity: '/profile.yaml', bytes }], () => ({
    fault: 'is not there',
    remedy: 'none',
  }));
}
