import { findParameter } from '../parameters/parameters.ts';
import { helperModules } from '../rules/helpers.ts';
import { parameterModules } from '../rules/modules.ts';
import { forbiddenModule, isTrackingOff, trackerModules } from '../rules/tracking.ts';
import { commentOn } from '../text/comments.ts';
import { wrapComment } from '../text/printable.ts';
import type { ForeignLine } from '../values/foreign-line.ts';
import { formatValue } from '../values/format-value.ts';
import { isWithin } from '../values/kernel-version.ts';
import type { Decision, Plan } from '../values/plan.ts';
import type { Draft, Output } from './output.ts';

/** Modules that parameters need, loaded before sysctl is applied, and sysctl again after a reload; the table's hash size. */
export const modprobe: Output = {
  id: 'modprobe',
  title: 'Kernel modules',
  readBy: '`modprobe`, `systemd-modules-load` and udev; on old hosts `rc.sysinit`',
  takesEffect:
    'At boot, before the kernel parameters are set. The hash size of a module that is loaded already is written by `nettune-host apply`.',
  territory: ['etc/modprobe.d/', 'etc/modules-load.d/', 'etc/udev/rules.d/', 'etc/sysconfig/modules/'],
  draft: (plan) => [
    ...(isTrackingOff(plan.profile) ? draftRefusal(plan) : [draftOptions(plan)]),
    ...(plan.host.distribution.programs.systemd ? draftForSystemd(plan) : draftForSysv(plan)),
  ],
};

/** A module that is built in cannot be refused; modprobe asks for each one that another needs. */
function draftRefusal(plan: Plan): Draft[] {
  const module = forbiddenModule(plan);
  if (!module) return [];
  const comment = wrapComment(
    `On this kernel everything is tracked once ${module} is loaded, whoever loads it. Its price: a rule that matches a state or translates cannot be loaded, and iptables-restore then takes none of its table's rules; keep such rules away, or take this line away first. One that is loaded already stays until the next boot. From: conntrack.tracking.`,
  );
  return [
    {
      path: optionsPath(plan),
      purpose: 'has modprobe refuse the connection tracker',
      body: {
        template: 'modprobe/modprobe.conf',
        view: { notes: notesFor(plan), options: [{ comment, line: `install ${module} /bin/false` }] },
      },
    },
  ];
}

function draftOptions(plan: Plan): Draft {
  const options = plan.decisions.filter(isOption);
  const { readsModprobeFolder } = plan.host.distribution;
  return {
    path: optionsPath(plan),
    purpose: `hash size of the connection table when its module is loaded${readsModprobeFolder ? '' : '; for modprobe.conf'}`,
    carries: options.map(({ parameter }) => parameter),
    body: {
      template: 'modprobe/modprobe.conf',
      view: {
        notes: notesFor(plan),
        options: options.map((option) => ({ comment: commentOn(option), line: asOption(option) })),
      },
    },
  };
}

function optionsPath({ name, host }: Plan): string {
  return `etc/${host.distribution.readsModprobeFolder ? 'modprobe.d' : 'sysconfig/modules'}/nettune-${name}.conf`;
}

/** Lines about modprobe.conf, where there is no folder. */
function notesFor({ profile, host }: Plan): string[] {
  if (host.distribution.readsModprobeFolder) return [];
  const asks =
    'modprobe reads /etc/modprobe.conf here, and not this file: the last line belongs there, once, and nettune-host adds it.';
  // The init script sets the hash size as well, but only once the module is there with another one.
  const without = 'Without it the init script sets the size, on a table that is already in use.';
  return [...wrapComment(isTrackingOff(profile) ? asks : `${asks} ${without}`), ''];
}

/** What modprobe.conf needs where modprobe reads no folder. */
export function modprobeLines({ host, decisions }: Plan): ForeignLine[] {
  if (host.distribution.readsModprobeFolder) return [];
  return decisions
    .filter(isOption)
    .map((option) => ({ path: 'etc/modprobe.conf', line: asOption(option), isOptional: false }));
}

const LOADS = 'loads modules at boot, before sysctl is applied';

function draftForSystemd(plan: Plan): Draft[] {
  const groups = groupModules(plan);
  const reloads = listReloads(plan);
  return [
    ...(groups.length === 0
      ? []
      : [
          {
            path: `etc/modules-load.d/nettune-${plan.name}.conf`,
            purpose: LOADS,
            body: { template: 'modprobe/modules-load.conf', view: { groups } },
          },
        ]),
    ...(reloads.length === 0
      ? []
      : [
          {
            path: `etc/udev/rules.d/90-nettune-${plan.name}.rules`,
            purpose: 'applies sysctl again when the module is loaded later',
            body: { template: 'modprobe/udev.rules', view: { reloads, notes: udevNotes(plan) } },
          },
        ]),
  ];
}

/** Modules, each group with why it is loaded. */
function groupModules(plan: Plan): { why: string; modules: readonly string[] }[] {
  const groups = [
    {
      why: 'The keys below net.netfilter exist only while this is loaded; systemd-sysctl passes over a missing key, and the boot goes on.',
      modules: trackerModules(plan),
    },
    {
      why: 'Read connections that a rule assigns to them, and translate in them. A rule alone would load only what reads.',
      modules: helperModules(plan.profile),
    },
    {
      why: 'Kernel parameters need these: the kernel refuses a name whose module is not loaded, and has no net.bridge without its module.',
      modules: parameterModules(plan),
    },
  ];
  return groups.filter(({ modules }) => modules.length > 0);
}

/** Modules that bring keys, and the keys; a module that only brings a word stays loaded while the word is in use. */
function listReloads(plan: Plan): { module: string; keys: string }[] {
  const ofBridges = parameterModules(plan).filter((module) => BRIDGE_MODULES.includes(module));
  return [
    ...trackerModules(plan).map((module) => ({ module, keys: '/net/netfilter' })),
    ...ofBridges.map((module) => ({ module, keys: '/net/bridge' })),
  ];
}

const BRIDGE_MODULES = ['bridge', 'br_netfilter'];

/** rc.sysinit runs what ends so and is executable. */
function draftForSysv(plan: Plan): Draft[] {
  const modules = [...trackerModules(plan), ...parameterModules(plan)];
  if (modules.length === 0) return [];
  return [
    {
      path: `etc/sysconfig/modules/nettune-${plan.name}.modules`,
      mode: 0o755,
      purpose: LOADS,
      body: { template: 'modprobe/modules.sh', view: { modules } },
    },
  ];
}

function isOption({ parameter }: Decision): boolean {
  return findParameter(parameter)?.kind === 'module-option';
}

/** The parameter is the module and its option; nothing may follow the value, not even a comment. */
function asOption({ spelling, value }: Decision): string {
  return `options ${spelling}=${formatValue(value)}`;
}

/** The order in which a kernel announces a module: source, commit of 5.11 that delays the event until its keys exist. */
function udevNotes({ host }: Plan): string[] {
  if (!isWithin(host.kernel, { until: '5.11' })) return [];
  return wrapComment(
    'This kernel announces a module before its keys exist, so this may come too early. What counts here is the order at boot: modules-load.d, then sysctl.d.',
  );
}
