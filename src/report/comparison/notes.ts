import { leastMemory } from '../../deploy/least-memory.ts';
import type { ProfileComparison } from '../../values/comparison.ts';
import type { HostFigures } from '../../values/host.ts';
import { compareKernels, parseKernelVersion } from '../../values/kernel-version.ts';
import { formatSize } from '../../values/quantities.ts';

/** What somebody has to do or know, whatever the values are. */
export function noteDuties(profile: ProfileComparison): string[] {
  return [...noteComing(profile), ...noteName(profile), ...noteHost(profile)];
}

function noteComing({ kind, restarts }: ProfileComparison): string[] {
  const services = restarts.map(({ service }) => service).join(' and ');
  if (kind === 'new') return services ? [`applying it to a host for the first time restarts ${services}`] : [];
  if (kind !== 'gone') return [];
  const and = services ? `, which restarts ${services}` : '';
  return [
    `hosts keep what they have until \`nettune-host remove\` has run there, or its role with state absent${and}; \`render --prune\` takes both away`,
  ];
}

/** Two profiles on one host would each take what the other has set for what was there before. */
function noteName({ name, formerName, restarts }: ProfileComparison): string[] {
  if (formerName === undefined) return [];
  return [
    `a host that has ${formerName} refuses ${name} until \`nettune-host remove\` has run there, or its role with state absent; \`render --prune\` takes both away`,
    ...restarts.map(({ service }) => `taking the one away restarts ${service}, and so does applying the other`),
  ];
}

/** Each row: what it is, how it reads, and what applying does on a host that is still as it was. */
const HOST: readonly {
  readonly what: string;
  readonly show: (host: HostFigures) => string;
  readonly refused: (before: HostFigures, after: HostFigures) => string | undefined;
}[] = [
  {
    what: 'distribution',
    show: ({ distribution }) => distribution,
    refused: (before) => `a host that still has ${before.distribution} is refused`,
  },
  {
    what: 'kernel',
    show: ({ kernel }) => kernel,
    refused: (before, after) =>
      compareKernels(parseKernelVersion(before.kernel), parseKernelVersion(after.kernel)) < 0
        ? 'a host with an older one is refused'
        : undefined,
  },
  {
    what: 'memory',
    show: ({ memoryBytes }) => formatSize(memoryBytes),
    refused: (before, after) =>
      before.memoryBytes < after.memoryBytes
        ? `a host with less than ${formatSize(leastMemory(after.memoryBytes) * 2 ** 20)} is refused`
        : undefined,
  },
  {
    what: 'architecture',
    show: ({ architecture }) => architecture,
    refused: (before) => `a host that is ${before.architecture} is refused`,
  },
];

function noteHost({ before, after }: ProfileComparison): string[] {
  if (!before || !after) return [];
  return HOST.filter(({ show }) => show(before.host) !== show(after.host)).map(({ what, show, refused }) => {
    const said = refused(before.host, after.host);
    return `${what} of its hosts: ${show(before.host)} → ${show(after.host)}${said ? `; ${said}` : ''}`;
  });
}
