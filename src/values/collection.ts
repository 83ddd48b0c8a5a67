/** A collection of Ansible's: `acme.tuning:1.2.0`. */
export interface Collection {
  readonly namespace: string;
  readonly name: string;
  /** Semantic; ansible-lint asks for 1.0.0 at least. */
  readonly version: string;
}

/** Ansible's own spelling: words without dashes, and a version behind a colon. */
const SPELLING = /^([a-z][a-z0-9_]{1,40})\.([a-z][a-z0-9_]{1,40})(?::(\d{1,5}\.\d{1,5}\.\d{1,5}))?$/;

/** Undefined for what is no collection's name. */
export function parseCollection(text: string): Collection | undefined {
  const [, namespace, name, version = '1.0.0'] = SPELLING.exec(text) ?? [];
  return namespace && name ? { namespace, name, version } : undefined;
}

export const fullName = ({ namespace, name }: Collection): string => `${namespace}.${name}`;

/** Below the output folder; where Ansible looks for it when that folder is in ANSIBLE_COLLECTIONS_PATH. No profile has such a name. */
export const collectionFolder = ({ namespace, name }: Collection): string => `ansible_collections/${namespace}/${name}`;
