/**
 * What versions of Squid know that Debian 12 has no packages of, as far as we might write it: directives by the versions
 * that squid-cache.org/Doc/config names, `include` by what 3.0 says of itself, and `max_filedesc` as Red Hat has patched it
 * into its 2.6; from 3.1 on it is another name of `max_filedescriptors`.
 */
const OLD_SQUID = {
  '2.6': ['max_filedesc', 'client_persistent_connections', 'server_persistent_connections'],
  '3.1': [
    'include',
    'max_filedesc',
    'max_filedescriptors',
    'client_persistent_connections',
    'server_persistent_connections',
  ],
} as const;

type OldVersion = keyof typeof OLD_SQUID;

/** The lines of a squid.conf that a version does not understand. */
export function refusedLines(version: OldVersion, lines: readonly string[]): string[] {
  const known: readonly string[] = OLD_SQUID[version];
  return lines.filter((line) => line !== '' && !line.startsWith('#') && !known.includes(line.split(' ')[0] ?? ''));
}
