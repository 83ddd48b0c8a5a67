import { decisionOn } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import type { Breach, Check } from './check.ts';

const FORWARDING = { ipv4: 'net.ipv4.ip_forward', ipv6: 'net.ipv6.conf.all.forwarding' } as const;

/** Settings of an interface that keep its packets from being forwarded, whatever the host as a whole does. */
const STOPS = [
  {
    family: 'ipv4',
    key: /^net\.ipv4\.conf\.(.+)\.forwarding$/,
    value: 0,
    effect: (place: string) => `nothing that comes in ${place} is forwarded`,
  },
  {
    family: 'ipv6',
    key: /^net\.ipv6\.conf\.(.+)\.disable_ipv6$/,
    value: 1,
    effect: (place: string) => `there is no IPv6 ${place}, and this gateway is to forward it`,
  },
] as const;

/** What the kernel means by the two names that are no interfaces. */
const MEANT: Readonly<Record<string, string>> = { all: 'on any interface', default: 'on interfaces that come later' };

export const gatewayForwards: Check = {
  id: 'gateway-forwards',
  severity: 'error',
  what: 'On a gateway forwarding is 1 for each family of `gateway.families`, and no interface is left out.',
  why: 'A gateway that does not forward drops every packet that is not for itself.',
  fix: 'Remove the override, or the family.',
  source: 'Documentation/networking/ip-sysctl.rst',
  find: (plan) => {
    if (plan.role !== 'nat-gateway') return [];
    return (plan.profile.gateway?.families ?? ['ipv4']).flatMap((family) => [
      ...breachOf(plan, FORWARDING[family]),
      ...STOPS.filter((each) => each.family === family).flatMap((stop) => leftOut(plan, stop)),
    ]);
  },
};

function leftOut({ decisions }: Plan, { key, value, effect }: (typeof STOPS)[number]): Breach[] {
  return decisions.flatMap((decision) => {
    const [, device] = key.exec(decision.spelling) ?? [];
    if (device === undefined || decision.value !== value) return [];
    return [
      {
        message: `${decision.spelling} is ${value}, so ${effect(MEANT[device] ?? `on ${device}`)}`,
        remedy: 'remove the override, or the family from `gateway.families`',
        causes: decision.causes,
      },
    ];
  });
}

function breachOf(plan: Plan, parameter: string): Breach[] {
  const decision = decisionOn(plan, parameter);
  if (decision?.value === 1) return [];
  const message = `${parameter} is ${decision?.value ?? 'not set'}, so this gateway forwards nothing of that family`;
  return [
    {
      message,
      remedy: 'remove the override, or the family from `gateway.families`',
      causes: decision?.causes ?? ['gateway.families'],
    },
  ];
}
