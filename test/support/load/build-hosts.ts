import type { Plan } from '../../../src/values/plan.ts';
import { type Host, Network } from '../namespaces.ts';
import { Rendered } from '../rendered.ts';
import type { Scenario } from './scenarios.ts';

/** client ── host ── server. The server knows no way to the client: what it gets has to bear the host's address. */
export interface Hosts {
  readonly client: Host;
  readonly host: Host;
  readonly server: Host;
  readonly remove: () => void;
}

const TIMEOUT = /^net\.netfilter\.nf_conntrack_\w+_timeout/;

/** Three hosts of which the one in the middle tracks, with the timeouts and packet rules of the plan. */
export function buildHosts({ tracksBy }: Scenario, plan: Plan): Hosts {
  const network = new Network();
  try {
    const [client, host, server] = [network.host('client'), network.host('host'), network.host('server')];
    network.link(client, host);
    network.link(host, server);
    client.must('ip', 'route', 'add', 'default', 'via', '10.203.1.2');
    host.must('sysctl', '-qw', 'net.ipv4.ip_forward=1');
    host.must('iptables', ...tracksBy);
    setTimeouts(host, plan);
    const rules = loadRules(host, plan);
    const remove = () => {
      network.remove();
      rules?.remove();
    };
    return { client, host, server, remove };
  } catch (error) {
    network.remove();
    throw error;
  }
}

function setTimeouts(host: Host, { decisions }: Plan): void {
  const timeouts = decisions.filter(({ parameter }) => TIMEOUT.test(parameter));
  host.must('sysctl', '-qw', ...timeouts.map(({ parameter, value }) => `${parameter}=${value}`));
}

/** The very rules that nettune writes, by its own loader, and held by its own lease for as long as they are there. */
function loadRules(host: Host, { packetRules, profile: { name, ...rest } }: Plan): Rendered | undefined {
  if (packetRules.length === 0) return undefined;
  const lines = Object.entries(rest).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  const rendered = new Rendered(name, lines.join(''));
  const { code, stderr } = rendered.rules(host, 'load');
  if (code === 0) return rendered;
  rendered.remove();
  throw new Error(`the rules were not loaded: ${stderr}`);
}
