import { combinesOn, defaultValue } from '../parameters/on-kernel.ts';
import type { Combination, ParameterRow } from '../parameters/parameter.ts';
import { findParameter } from '../parameters/parameters.ts';
import { decisionOn } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import type { Breach, Check } from './check.ts';

export const interfaceSettingsCount: Check = {
  id: 'interface-settings-count',
  severity: 'warning',
  what: 'What `sysctl` sets for one interface, for `all` or for `default` is not undone by the others: net.ipv4.conf and net.ipv6.conf.',
  why: 'The kernel combines the value of `all` with the value of the interface. How, depends on the setting. A value that loses does nothing, and no program says so.',
  fix: 'Set `all` and `default`, or the interface as well: `nettune parameters NAME` says how they combine.',
  source: 'include/linux/inetdevice.h, net/ipv6/addrconf.c',
  find: (plan) => Object.keys(plan.profile.sysctl ?? {}).flatMap((name) => breachOf(name, plan)),
};

/** `all`, `default` or an interface, with the rest of the name on either side. */
const SETTING = /^(net\.ipv[46]\.conf)\.([^.]+)\.([^.]+)$/;

interface Setting {
  readonly name: string;
  readonly of: string;
  readonly value: number;
  readonly combines: Combination;
  /** The value that the plan leaves another of the three, by its name. */
  readonly valueFor: (of: string) => number;
  readonly nameFor: (of: string) => string;
}

function breachOf(name: string, plan: Plan): Breach[] {
  const setting = readSetting(name, plan);
  const found = setting && LOSES[setting.combines]?.(setting);
  return found ? [{ ...found, causes: [`sysctl.${name}`] }] : [];
}

function readSetting(name: string, plan: Plan): Setting | undefined {
  const [, folder = '', of = '', last = ''] = SETTING.exec(name) ?? [];
  const row = findParameter(name);
  const value = decisionOn(plan, name)?.value;
  const combines = row && combinationOf(row, last, plan);
  if (!row || !combines || typeof value !== 'number') return undefined;
  const nameFor = (other: string) => `${folder}.${other}.${last}`;
  const valueFor = (other: string) => Number(decisionOn(plan, nameFor(other))?.value ?? defaultValue(row, plan.host));
  return { name, of, value, combines, nameFor, valueFor };
}

/** Redirects are taken by a host where either is on, and by a router only where both are. */
function combinationOf(row: ParameterRow, setting: string, plan: Plan): Combination | undefined {
  const isRouter = decisionOn(plan, 'net.ipv4.ip_forward')?.value === 1;
  return row.combines === 'either' && setting === 'accept_redirects' && isRouter ? 'both' : combinesOn(row, plan.host);
}

type Loss = Pick<Breach, 'message' | 'remedy'>;

const LOSES: Readonly<Partial<Record<Combination, (setting: Setting) => Loss | undefined>>> = {
  either: ({ name, of, value, nameFor, valueFor }) => {
    const other = of === 'all' ? 'default' : 'all';
    if (value !== 0 || valueFor(other) === 0) return undefined;
    return {
      message: `${name} 0 does nothing while ${nameFor(other)} is ${valueFor(other)}: one of \`all\` and the interface is enough to switch it on`,
      remedy: `set ${nameFor(other)} to 0 as well`,
    };
  },
  both: ({ name, of, value, nameFor, valueFor }) => {
    if (of === 'all' || value === 0 || valueFor('all') !== 0) return undefined;
    return {
      message: `${name} ${value} does nothing while ${nameFor('all')} is 0: both have to be on`,
      remedy: `remove it, or set ${nameFor('all')} to ${value} as well`,
    };
  },
  larger: ({ name, of, value, nameFor, valueFor }) => {
    if (of === 'all' || valueFor('all') <= value) return undefined;
    return {
      message: `${name} ${value} does nothing while ${nameFor('all')} is ${valueFor('all')}: the larger one counts`,
      remedy: `lower ${nameFor('all')} and set the other interfaces by their names, or remove this entry`,
    };
  },
  interface: ({ name, of, nameFor }) =>
    of === 'all'
      ? {
          message: `${name} does nothing: the kernel reads this setting from each interface alone`,
          remedy: `set ${nameFor('default')} for interfaces to come, and each interface by its name`,
        }
      : undefined,
};
