import type { Profile } from '#generated/profile.ts';
import { deriveTraffic } from './derive-traffic.ts';
import { X86_64 } from './distributions/architectures.ts';
import { findDistribution, isOwnKernel } from './distributions/find-distribution.ts';
import { isPlausible } from './parameters/is-plausible.ts';
import { isWritable, spell } from './parameters/on-kernel.ts';
import { findParameter, positionOf } from './parameters/parameters.ts';
import type { RoleRow } from './roles/role.ts';
import { roleRow } from './roles/roles.ts';
import { derivePacketRules, isUntracking } from './rules/packet-rules.ts';
import type { Circumstances, Proposal } from './rules/rule.ts';
import { RULES } from './rules/rules.ts';
import { omitTracker } from './rules/tracking.ts';
import { costOfLimit } from './sizing/limit-costs.ts';
import { readValue } from './values/format-value.ts';
import type { Host } from './values/host.ts';
import { parseKernelVersion } from './values/kernel-version.ts';
import type { Decision, Omission, Plan } from './values/plan.ts';
import { normalizePorts, parsePorts } from './values/ports.ts';
import { parseSize } from './values/quantities.ts';

/** The machine that a profile is written for. */
export function deriveHost({ host }: Profile): Host {
  const distribution = findDistribution(host);
  const redhat = isOwnKernel(distribution, host.kernel) ? distribution.backports : undefined;
  return {
    distribution,
    kernel: parseKernelVersion(host.kernel ?? distribution.kernel),
    ...(redhat ? { redhat } : {}),
    memoryBytes: parseSize(host.memory),
    architecture: distribution.architectures.find(({ name }) => name === host.architecture) ?? X86_64,
  };
}

/** Everything that follows from a profile for one host, which is `machine` of several. Total: a valid profile always has a plan, good or bad. */
export function derivePlan(profile: Profile, host: Host, machine?: string): Plan {
  const traffic = deriveTraffic(profile);
  const role = roleRow(profile.role);
  const servedPorts = role.serves ? normalizePorts((profile.traffic?.ports ?? []).map(parsePorts)) : [];
  const decisions = new Decisions(profile, host);
  const given: Circumstances = {
    profile,
    host,
    role,
    traffic,
    servedPorts,
    decided: (parameter) => decisions.find(parameter),
  };
  for (const { id, propose } of RULES) for (const proposal of propose(given)) decisions.add(proposal, id);
  const packetRules = derivePacketRules(given);
  return {
    name: profile.name,
    ...(machine === undefined ? {} : { machine }),
    summary: profile.summary,
    role: profile.role,
    host,
    profile,
    traffic,
    servedPorts,
    decisions: spellDecisions(decisions.list(), host),
    packetRules,
    unproven: packetRules.some(isUntracking) ? profile.conntrack?.untracked?.unproven : undefined,
    omissions: [...omitTracker(profile, host), ...omitByRole(role, decisions)],
  };
}

/** Left alone by hosts of a role, unless the profile says otherwise. */
function omitByRole({ leavesAlone = [] }: RoleRow, decisions: Decisions): Omission[] {
  return leavesAlone
    .filter(({ parameter }) => decisions.find(parameter) === undefined)
    .map(({ parameter, because }) => ({
      subject: parameter,
      parameters: [parameter],
      reason: because,
      causes: ['role'],
    }));
}

type Unspelled = Omit<Decision, 'spelling'>;

/** Decisions as they come, by the name of the parameter's row; what the profile overrides is in force from the start. */
class Decisions {
  readonly #byName: Map<string, Unspelled>;

  constructor(profile: Profile, host: Host) {
    this.#byName = new Map(
      Object.entries(profile.sysctl ?? {}).flatMap(([name, each]) => asEntry(name, each, host, profile)),
    );
  }

  find(parameter: string): Unspelled | undefined {
    return this.#byName.get(parameter);
  }

  add(proposal: Proposal, rule: string): void {
    if (!this.#byName.has(proposal.parameter)) this.#byName.set(proposal.parameter, { ...proposal, rule });
  }

  list(): Unspelled[] {
    return [...this.#byName.values()];
  }
}

/** Nothing, for a value that checks report as one that no kernel should be given. */
function asEntry(
  name: string,
  override: { value: string | number; because?: string },
  host: Host,
  { traffic }: Profile,
): [string, Unspelled][] {
  const row = findParameter(name);
  const value = readValue(row, override.value);
  if (value === undefined || (row && !isPlausible(row, value, host))) return [];
  const parameter = row?.name ?? name;
  const reason = override.because ?? 'Set by the profile, without a reason.';
  const { memoryBytes } = costOfLimit(parameter, value, host, traffic?.concurrentConnections ?? 0) ?? {};
  const price = memoryBytes === undefined ? {} : { price: { memoryBytes } };
  return [[parameter, { parameter, value, reason, causes: [`sysctl.${name}`], rule: 'override', ...price }]];
}

/** In the catalogue's order, then by name; each as this kernel spells it. What the kernel does not have, or does not let be set, is left out. */
function spellDecisions(decisions: readonly Unspelled[], host: Host): Decision[] {
  const sorted = [...decisions].sort(
    (a, b) => positionOf(a.parameter) - positionOf(b.parameter) || (a.parameter < b.parameter ? -1 : 1),
  );
  return sorted.flatMap((decision) => {
    const row = findParameter(decision.parameter);
    const spelling = row ? spell(row, host) : decision.parameter;
    return spelling === undefined || (row && !isWritable(row, host)) ? [] : [{ ...decision, spelling }];
  });
}
