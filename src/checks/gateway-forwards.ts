import { decisionOn } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import type { Breach, Check } from './check.ts';

const FORWARDING = { ipv4: 'net.ipv4.ip_forward', ipv6: 'net.ipv6.conf.all.forwarding' } as const;

export const gatewayForwards: Check = {
  id: 'gateway-forwards',
  severity: 'error',
  what: 'On a gateway forwarding is 1 for each family of `gateway.families`.',
  why: 'A gateway that does not forward drops every packet that is not for itself.',
  fix: 'Remove the override, or the family.',
  source: 'Documentation/networking/ip-sysctl.rst',
  find: (plan) => {
    if (plan.role !== 'nat-gateway') return [];
    return (plan.profile.gateway?.families ?? ['ipv4']).flatMap((family) => breachOf(plan, FORWARDING[family]));
  },
};

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
