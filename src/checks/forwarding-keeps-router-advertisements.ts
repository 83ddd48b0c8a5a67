import { acceptRa } from '../rules/forwarding.ts';
import { decisionOn, numberFor } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import type { Breach, Check } from './check.ts';

const FORWARDING = 'net.ipv6.conf.all.forwarding';

export const forwardingKeepsRouterAdvertisements: Check = {
  id: 'forwarding-keeps-router-advertisements',
  severity: 'warning',
  what: 'With IPv6 forwarding, accept_ra is 2 on each interface whose route comes by router advertisement.',
  why: 'An interface that forwards IPv6 stops listening to router advertisements. A default route that came by one is gone at once, and the host has no IPv6 any more.',
  fix: 'Name the interfaces in `gateway.wan`; `[]` if their routes are set by hand.',
  source: 'net/ipv6/addrconf.c; Documentation/networking/ip-sysctl.rst',
  find: (plan) => {
    if (numberFor(plan, FORWARDING) !== 1) return [];
    const { wan } = plan.profile.gateway ?? {};
    return wan === undefined ? [unnamed(plan)] : wan.flatMap((device) => deaf(device, plan));
  },
};

function unnamed(plan: Plan): Breach {
  return {
    message:
      'all interfaces stop listening to router advertisements, and the profile does not say which one needs them',
    remedy:
      plan.role === 'nat-gateway'
        ? 'name the interfaces that lead to the world in `gateway.wan`; `[]` if their routes are set by hand'
        : 'a host of this role forwards nothing: remove the override',
    causes: decisionOn(plan, FORWARDING)?.causes ?? [],
  };
}

function deaf(device: string, plan: Plan): Breach[] {
  const decision = decisionOn(plan, acceptRa(device));
  if (decision?.value === 2) return [];
  if (decision === undefined)
    return [
      {
        message: `this kernel cannot listen to router advertisements on ${device} while it forwards`,
        remedy: 'set the default route by hand, and take the interface out of `gateway.wan`',
        causes: ['gateway.wan', 'host.kernel', 'host.distribution'],
      },
    ];
  return [
    {
      message: `${decision.spelling} is ${decision.value}, so ${device} ignores router advertisements while this host forwards`,
      remedy: 'remove the override, or remove the interface from `gateway.wan` if its routes are set by hand',
      causes: decision.causes,
    },
  ];
}
