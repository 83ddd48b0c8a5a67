import { isWritable, spell } from '../parameters/on-kernel.ts';
import type { ParameterRow, Word } from '../parameters/parameter.ts';
import { findParameter } from '../parameters/parameters.ts';
import { hasWord, nearestWord, wordsIn, wordsOn } from '../parameters/words.ts';
import { quote } from '../text/printable.ts';
import { readValue } from '../values/format-value.ts';
import type { Host } from '../values/host.ts';
import { formatKernelVersion, isWithin } from '../values/kernel-version.ts';
import type { Breach, Check } from './check.ts';

export const wordIsKnown: Check = {
  id: 'word-is-known',
  severity: 'error',
  what: 'Each name that is a value of `sysctl`, such as a congestion control or a queueing discipline, is one that the kernel of the host has, in its spelling.',
  why: 'The kernel compares names letter by letter. It refuses one that it lacks, and the old value stays; systemd-sysctl only logs that.',
  fix: 'Use a name that `nettune parameters NAME --kernel VERSION` lists. If the kernel of the host has another one, load its module in a file of your own in /etc/modules-load.d, and allow it: `allow: [{ check: word-is-known, parameter: NAME, because: … }]`.',
  source: 'tcp_cong.c, sch_api.c; the names by kernel: net/ipv4/tcp_*.c, net/sched/sch_*.c',
  find: ({ profile, host }) =>
    Object.entries(profile.sysctl ?? {}).flatMap(([name, { value }]) => breachesOf(name, value, host)),
};

function breachesOf(name: string, written: string | number, host: Host): Breach[] {
  const row = findParameter(name);
  const value = readValue(row, written);
  if (!row?.words || value === undefined || spell(row, host) === undefined || !isWritable(row, host)) return [];
  return wordsIn(row, value).flatMap((each) => {
    const known = row.words?.find(({ word }) => word === each);
    if (known && hasWord(known, host)) return [];
    const { message, remedy } = known ? describeAbsence(known, row, host) : describeStranger(each, row, host);
    const causes = [`sysctl.${name}.value`, ...(known ? ['host.kernel', 'host.distribution'] : [])];
    return [{ message, remedy, causes }];
  });
}

function describeStranger(word: string, row: ParameterRow, host: Host) {
  const likely = nearestWord(word, row);
  const isSpelling = likely === word.toLowerCase();
  return {
    message: `nettune knows no ${quote(word)} for ${row.name}`,
    remedy: isSpelling ? `write \`${likely}\`: the kernel tells capitals apart` : suggestWord(likely, row, host),
  };
}

function describeAbsence(word: Word, row: ParameterRow, host: Host) {
  const kernel = formatKernelVersion(host.kernel);
  const message = isWithin(host.kernel, word)
    ? `Red Hat builds its kernel ${kernel} without \`${word.word}\``
    : `kernel ${kernel} has no \`${word.word}\` for ${row.name}: it came with ${word.since}`;
  return { message, remedy: listWords(row, host) };
}

function suggestWord(likely: string | undefined, row: ParameterRow, host: Host): string {
  return likely === undefined ? listWords(row, host) : `did you mean \`${likely}\`?`;
}

function listWords(row: ParameterRow, host: Host): string {
  return `use one of ${wordsOn(row, host)
    .map(({ word }) => `\`${word}\``)
    .join(', ')}`;
}
