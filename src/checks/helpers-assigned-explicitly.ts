import { decisionOn } from '../values/decided.ts';
import type { Check } from './check.ts';

const NAME = 'net.netfilter.nf_conntrack_helper';

export const helpersAssignedExplicitly: Check = {
  id: 'helpers-assigned-explicitly',
  severity: 'warning',
  what: 'net.netfilter.nf_conntrack_helper is not 1.',
  why: 'A helper opens further ports by what it reads in a connection. Assigned to every connection on its port, it does so for an attacker as well.',
  fix: 'Remove it, and name the helpers in `gateway.helpers`: rules assign them to what passes from inside.',
  source: 'Documentation/networking/nf_conntrack-sysctl.rst; off by default since 4.7, gone in 6.0',
  find: (plan) => {
    const decision = decisionOn(plan, NAME);
    if (decision?.value !== 1) return [];
    return [
      {
        message: `${NAME} 1 lets helpers open ports for anybody`,
        remedy: 'remove it, and name the helpers in `gateway.helpers`',
        causes: decision.causes,
      },
    ];
  },
};
