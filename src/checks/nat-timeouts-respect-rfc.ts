import type { TimeoutKey } from '../roles/role.ts';
import { TIMEOUT_PARAMETERS } from '../rules/conntrack-timeouts.ts';
import { decisionOn } from '../values/decided.ts';
import type { Plan } from '../values/plan.ts';
import { formatCount } from '../values/quantities.ts';
import type { Breach, Check } from './check.ts';

/** What the standards ask of a NAT, in seconds. */
interface Floor {
  readonly keys: readonly TimeoutKey[];
  readonly seconds: number;
  readonly rfc: string;
  /** What a shorter one does to connections that live. */
  readonly harm: string;
}

const FLOORS: readonly Floor[] = [
  {
    keys: ['established'],
    seconds: 7440,
    rfc: 'RFC 5382 REQ-5',
    harm: 'clients send their first keepalive probe after 7,200 s, so idle connections die',
  },
  {
    keys: ['synSent', 'synReceived'],
    seconds: 240,
    rfc: 'RFC 5382 REQ-5',
    harm: 'a handshake that is repeated over a bad line is lost',
  },
  {
    keys: ['finWait', 'closeWait', 'lastAck', 'timeWait'],
    seconds: 240,
    rfc: 'RFC 5382 REQ-5',
    harm: 'late segments of a connection can meet the next one with the same port',
  },
  { keys: ['udp'], seconds: 120, rfc: 'RFC 4787 REQ-5', harm: 'answers that take longer are dropped' },
  { keys: ['udpStream'], seconds: 120, rfc: 'RFC 4787 REQ-5', harm: 'calls and tunnels that pause are cut off' },
  { keys: ['icmp'], seconds: 60, rfc: 'RFC 5508 REQ-2', harm: 'late answers to a ping are dropped' },
];

export const natTimeoutsRespectRfc: Check = {
  id: 'nat-timeouts-respect-rfc',
  severity: 'error',
  softens: true,
  what: 'On a gateway: established ≥ 7,440 s; opening and closing ≥ 240 s; UDP ≥ 120 s; ICMP ≥ 60 s. An error for established, a warning for the others.',
  why: 'A NAT that forgets a connection earlier than the standards allow cuts off applications that rely on them.',
  fix: "Remove the timeout from the profile: nettune's own timeouts follow the standards.",
  source: 'RFC 5382, RFC 4787, RFC 5508',
  find: (plan) => {
    if (plan.role !== 'nat-gateway') return [];
    return FLOORS.flatMap((floor) => floor.keys.flatMap((key) => breachOf(plan, TIMEOUT_PARAMETERS[key], floor)));
  },
};

function breachOf(plan: Plan, parameter: string, { keys, seconds, rfc, harm }: Floor): Breach[] {
  const decision = decisionOn(plan, parameter);
  if (typeof decision?.value !== 'number' || decision.value >= seconds) return [];
  return [
    {
      message: `${decision.spelling} ${formatCount(decision.value)} s is less than the ${formatCount(seconds)} s that ${rfc} asks for: ${harm}`,
      remedy: `use \`${seconds}s\` or more`,
      causes: decision.causes,
      severity: keys.includes('established') ? 'error' : 'warning',
    },
  ];
}
