import { readBack } from '../deploy/read-back.ts';
import { serverService } from '../distributions/server-service.ts';
import { findParameter } from '../parameters/parameters.ts';
import { parameterModules } from '../rules/modules.ts';
import { trackerModules } from '../rules/tracking.ts';
import { commentOn } from '../text/comments.ts';
import type { ForeignLine } from '../values/foreign-line.ts';
import { formatValue } from '../values/format-value.ts';
import type { Plan } from '../values/plan.ts';
import type { Draft, Output } from './output.ts';
import { isLimit } from './systemd.ts';

/**
 * What hosts without systemd have instead: an init script, and files that the scripts of others read: those of Red Hat 5 and
 * 6 read a file of their own in etc/sysconfig as shell (squid.init of mozilla-services/squid-rpm; httpd's and iptables' as
 * public notes quote them), and start the server below the limits that it sets. Squid 3.1.23 of Red Hat knows no other limit
 * before its release 10: it ignores `max_filedescriptors` (change log in redsleeve-linux/el6, squid.spec; #1256597).
 */
export const sysv: Output = {
  id: 'sysv',
  title: 'Hosts without systemd',
  readBy: '`init`, and the scripts of iptables and of the server, which read `/etc/sysconfig`',
  takesEffect: 'At boot, when iptables is restarted, and when the server is.',
  territory: ['etc/rc.d/init.d/nettune-', 'etc/sysconfig/nettune-'],
  draft: (plan) => (plan.host.distribution.programs.systemd ? [] : draftFiles(plan)),
};

/** A file that is missing would end a script of `sh`. */
const toRead = (file: string) => `[ ! -r /${file} ] || . /${file}`;

/** What makes the scripts of others read our files. */
export function sysvLines(plan: Plan): ForeignLine[] {
  if (plan.host.distribution.programs.systemd) return [];
  const service = serverService(plan);
  return [
    ...(trackerModules(plan).length > 0 ? ['iptables-config', 'ip6tables-config'] : []).map((file) => ({
      path: `etc/sysconfig/${file}`,
      line: toRead(configPath(plan)),
      isOptional: true,
    })),
    ...(service ? [{ path: `etc/sysconfig/${service}`, line: toRead(limitsPath(plan)), isOptional: false }] : []),
  ];
}

const configPath = ({ name }: Plan) => `etc/sysconfig/nettune-${name}`;
const limitsPath = ({ name }: Plan) => `etc/sysconfig/nettune-${name}.limits`;

function draftFiles(plan: Plan): Draft[] {
  return [draftScript(plan), ...draftConfig(plan), ...(serverService(plan) ? [draftLimits(plan)] : [])];
}

/** Not in etc/init.d, which is a link: a copy of our folder over the host's would break on it. */
function draftScript(plan: Plan): Draft {
  const options = plan.decisions.filter(({ parameter }) => findParameter(parameter)?.kind === 'module-option');
  return {
    path: `etc/rc.d/init.d/nettune-${plan.name}`,
    mode: 0o755,
    purpose: 'puts kernel parameters and packet rules into effect at boot',
    body: {
      template: 'sysv/init.sh',
      view: {
        name: plan.name,
        modules: [...trackerModules(plan), ...parameterModules(plan)],
        options: options.map((decision) => ({
          path: `/sys/module/${decision.spelling.replace(' ', '/parameters/')}`,
          value: readBack(decision, plan),
        })),
      },
    },
  };
}

/** Nothing to keep where nothing is loaded. */
function draftConfig(plan: Plan): Draft[] {
  const [prefix] = trackerModules(plan);
  if (prefix === undefined) return [];
  return [
    {
      path: configPath(plan),
      purpose: 'keeps connection table and packet rules when iptables is restarted; to be read by iptables-config',
      body: { template: 'sysv/iptables-config', view: { name: plan.name, line: toRead(configPath(plan)), prefix } },
    },
  ];
}

function draftLimits(plan: Plan): Draft {
  const service = serverService(plan) ?? '';
  const limits = plan.decisions.filter(isLimit);
  return {
    path: limitsPath(plan),
    purpose: `open files that ${service} may have; to be read by /etc/sysconfig/${service}`,
    carries: limits.map(({ parameter }) => parameter),
    body: {
      template: 'sysv/limits',
      view: {
        service,
        line: toRead(limitsPath(plan)),
        limits: limits.map((limit) => ({ comment: commentOn(limit), line: `ulimit -n ${formatValue(limit.value)}` })),
      },
    },
  };
}
