import { defaultValue, scopeOn } from '../parameters/on-kernel.ts';
import { findParameter } from '../parameters/parameters.ts';
import { translatedPorts } from '../rules/translated-ports.ts';
import { numberFor } from '../values/decided.ts';
import { formatValue } from '../values/format-value.ts';
import { isWithin } from '../values/kernel-version.ts';
import type { Decision, Plan, Value } from '../values/plan.ts';
import { formatPorts, intersectPorts, subtractPorts } from '../values/ports.ts';
import { formatCount } from '../values/quantities.ts';
import type { Check } from './check.ts';

const ACCEPT_QUEUE = 'net.core.somaxconn';
const KEEPALIVE = 'net.ipv4.tcp_keepalive_time';
const ESTABLISHED = 'net.netfilter.nf_conntrack_tcp_timeout_established';

/**
 * A new network namespace takes the first three over from the host; all others begin with the kernel's defaults. Of those the
 * SYN queue's length does nothing, because SYN cookies are on by default.
 */
const NOT_LOST = [
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
  'net.ipv4.tcp_congestion_control',
  'net.ipv4.tcp_max_syn_backlog',
];

/** A parameter that a container has for itself, and what it has without anybody's doing. */
interface Kept {
  readonly decision: Decision;
  readonly own: Value | undefined;
}

export const valuesReachServer: Check = {
  id: 'values-reach-server',
  severity: 'warning',
  what: 'No served port leads to a container: none is one of `firewall.translated`, unless that names the port of this host that it leads to (`toPort`). Or the plan leaves at its default what a container has for itself.',
  why: 'A container has a network namespace of its own, with its own queues and its own keepalive. They start with the defaults of the kernel, not with the values of the host. A burst overflows the shorter queue; a keepalive probe after 7,200 s comes too late for an entry that ends after 3,600 s. The files for httpd and systemd do not reach the container either.',
  fix: 'Give the container the values: `docker run --sysctl`, `sysctls:` in a Compose file, `securityContext.sysctls` of a pod. Then allow this with that reason.',
  source:
    'tcp_sk_init() in net/ipv4/tcp_ipv4.c; docs/reference/parameters.md says whose each parameter is; tried in a namespace',
  find: (plan) => {
    if (plan.profile.squid?.intercepting) return []; // reached by translation, but on this host
    const away = translatedPorts(plan.profile).filter(({ toPort }) => toPort === undefined);
    const ranges = away.map(({ ports }) => ports);
    const [port, ...more] = formatPorts(intersectPorts(plan.servedPorts, ranges));
    const kept = listKept(plan);
    if (port === undefined || kept.length === 0) return [];
    const isWhole = subtractPorts(plan.servedPorts, ranges).length === 0;
    return [
      {
        message: `the values of this host do not reach the server behind translated port${more.length > 0 ? 's' : ''} ${[port, ...more].join(', ')}; its container has ${kept.map((each) => describe(each, plan, isWhole)).join(', ')}`,
        remedy: `${sayHowToSet(kept, plan)}, and allow this with that reason; if it leads to a port of this host instead, name that in \`firewall.translated\`: \`{ port: ${port.split('-')[0]}, toPort: … }\``,
        causes: [
          ...away.filter(({ ports }) => intersectPorts(plan.servedPorts, [ports]).length > 0).map(({ cause }) => cause),
          'traffic.ports',
        ],
      },
    ];
  },
};

/** Parameters of sockets that this kernel has once for each namespace, where a default would differ from the plan. */
function listKept({ decisions, host }: Plan): Kept[] {
  return decisions.flatMap((decision) => {
    const { parameter, value } = decision;
    const row = findParameter(parameter);
    const isOfSockets = /^net\.(core\.somaxconn|ipv4\.tcp_)/.test(parameter) && !NOT_LOST.includes(parameter);
    if (!row || !isOfSockets || scopeOn(row, host) !== 'namespace') return [];
    const own = defaultValue(row, host);
    return own === value ? [] : [{ decision, own }];
  });
}

function describe({ decision: { parameter, spelling }, own }: Kept, plan: Plan, isWhole: boolean): string {
  if (typeof own !== 'number') return spelling;
  const rate = isWhole ? (plan.profile.traffic?.connectionsPerSecond ?? 0) : 0;
  const ends = numberFor(plan, ESTABLISHED) ?? own;
  const isFullSoon = parameter === ACCEPT_QUEUE && own < rate;
  const isTooLate = parameter === KEEPALIVE && own > ends;
  return [
    `${spelling} ${formatCount(own)}`,
    ...(isFullSoon
      ? [`(full after ${formatCount(Math.round((own / rate) * 1000))} ms at ${formatCount(rate)} connections/s)`]
      : []),
    ...(isTooLate ? [`(an idle entry ends after ${formatCount(ends)} s)`] : []),
  ].join(' ');
}

/** Docker and Podman run from Linux 3.10 on; what else there was before, each sets in its own way. */
function sayHowToSet(kept: readonly Kept[], { host }: Plan): string {
  const pairs = kept.map(({ decision: { spelling, value } }) => `${spelling}=${formatValue(value)}`);
  return isWithin(host.kernel, { until: '3.10' })
    ? `set ${pairs.map((pair) => `\`${pair}\``).join(' and ')} in the container`
    : `start the container with \`${pairs.map((pair) => `--sysctl ${pair}`).join(' ')}\` (Compose: \`sysctls:\`)`;
}
