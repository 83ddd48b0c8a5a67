import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Programs } from './backends.ts';

interface Grammar {
  /** Of iptables and of a line for iptables-restore. */
  readonly options: readonly string[];
  readonly matches: Readonly<Record<4 | 6, readonly string[]>>;
  readonly targets: readonly string[];
  /** Makes what iptables-save prints today into what it printed then: a blank after a rule, `!` behind its option. */
  readonly prints: string;
}

const COMMANDS = ['-A', '-D', '-I', '-R', '-F', '-X', '-P', '-N', '-L', '-t', '-n', '-h', '-V'];
const RULE = ['-j', '-m', '-p', '-i', '-o', '-s', '-d', '--reject-with'];
const OF_MATCHES = ['--dports', '--sports', '--dport', '--sport', '--dst-type', '--syn', '--tcp-flags', '--state'];
const OF_ICMP = ['--icmp-type', '--icmpv6-type'];
const TARGETS = ['NOTRACK', 'ACCEPT', 'DROP', 'REJECT', 'LOG', 'RETURN'];

/**
 * What versions know that Debian 12 has no packages of, as far as our rules and their loader might use it. Sources: the
 * history of iptables (CT came with 1.4.8; -C, and -4 and -6 in iptables-restore, with 1.4.11; -w with 1.4.20, for
 * iptables-restore with 1.6.2), the file list of 1.4.7 (addrtype only as libipt_addrtype), libipt_state.c and
 * libipt_conntrack.c of the 1.3 series. Red Hat's 1.4.7-15 and later have -C too; the loader has to do without.
 */
export const OLD_IPTABLES = {
  '1.3.5': {
    options: [...COMMANDS, ...RULE, ...OF_MATCHES, ...OF_ICMP],
    matches: { 4: ['tcp', 'multiport', 'state', 'icmp', 'addrtype'], 6: [] },
    targets: TARGETS,
    prints: '/^-A/{s/$/ /;s/ ! \\(--*[a-z][a-z-]*\\) / \\1 ! /g;}',
  },
  '1.4.7': {
    options: [...COMMANDS, '-S', ...RULE, ...OF_MATCHES, '--ctstate', ...OF_ICMP],
    matches: {
      4: ['tcp', 'multiport', 'state', 'conntrack', 'icmp', 'addrtype'],
      6: ['tcp', 'multiport', 'state', 'conntrack', 'icmp6'],
    },
    targets: TARGETS,
    prints: '/^-A/s/$/ /',
  },
} as const satisfies Record<string, Grammar>;

export type OldVersion = keyof typeof OLD_IPTABLES;

/** The words of a line for iptables-restore that a version does not understand. */
export function misunderstood(version: OldVersion, family: 4 | 6, line: string): string[] {
  const { options, matches, targets }: Grammar = OLD_IPTABLES[version];
  const words = line.trim().split(/ +/);
  return words.filter((word, index) => {
    if (words[index - 1] === '-m') return !matches[family].includes(word);
    if (words[index - 1] === '-j') return !targets.includes(word) && !word.startsWith('NT-');
    return word.startsWith('-') && !options.includes(word);
  });
}

/**
 * The legacy programs of Debian, which here refuse what a version does not know, and print as it does. What they know beyond that, such as kernels of today, stays.
 */
export function oldPrograms(version: OldVersion): Programs {
  const programs = new Programs();
  for (const [name, family] of [['iptables', 4] as const, ['ip6tables', 6] as const]) {
    write(programs, name, `${refuseWords(version)}\nexec ${name}-legacy "$@"`);
    write(programs, `${name}-save`, `${name}-legacy-save "$@" | sed '${OLD_IPTABLES[version].prints}'`);
    write(programs, `${name}-restore`, `${refuseLines(version, family)}\nexec ${name}-legacy-restore "$@" <"$lines"`);
  }
  // None of that age ends what it has started: no proof can be had.
  write(programs, 'unshare', 'echo "Usage: unshare [options] <program> [args...]"');
  return programs;
}

function write({ folder }: Programs, name: string, body: string): void {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

function refuseWords(version: OldVersion): string {
  const known = OLD_IPTABLES[version].options.join('|');
  return `case "$*" in
  -V) echo 'iptables v${version}'; exit ;;
  -h) echo 'Usage: iptables -[AD] chain rule-specification [options]'; exit ;;
esac
for word; do
  case $word in
    ${known}) ;;
    -*) echo "iptables v${version}: Unknown arg '$word'" >&2; exit 2 ;;
  esac
done`;
}

/** Any argument that is no option is a file to read. */
function refuseLines(version: OldVersion, family: 4 | 6): string {
  const { options, matches, targets }: Grammar = OLD_IPTABLES[version];
  const set = (name: string, words: readonly string[]) =>
    `split("${words.join(' ')}", list); for (i in list) ${name}[list[i]] = 1;`;
  return `for argument; do
  case $argument in
    --noflush) ;;
    -*) echo "unknown option $argument" >&2 ;;
    *) echo "Can't open $argument" >&2; exit 1 ;;
  esac
done
lines=$0.lines
cat >"$lines"
awk 'BEGIN { ${set('option', options)} ${set('match_', matches[family])} ${set('target', targets)} }
  /^-/ {
    for (i = 1; i <= NF; i++) {
      unknown = $i ~ /^-/ && !($i in option)
      if ($(i - 1) == "-m" && i > 1) unknown = !($i in match_)
      if ($(i - 1) == "-j" && i > 1) unknown = !($i in target) && $i !~ /^NT-/
      if (unknown) { print "line " NR " failed: " $i; bad = 1 }
    }
  }
  END { exit bad }' "$lines" >&2 || exit 2`;
}
