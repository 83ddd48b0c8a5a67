import type { Profile } from '#generated/profile.ts';
import type { Host } from './host.ts';
import type { PortRange } from './ports.ts';
import type { Traffic } from './traffic.ts';

/** A parameter's value: a number, numbers that belong together (a port range), or a word. */
export type Value = number | string | readonly number[];

/** What a parameter is to be, why, and what that follows from. */
export interface Decision {
  /** The name of the parameter's row, which is today's; for one without a row, the name that the profile has. */
  readonly parameter: string;
  /** As the kernel or server of this host spells it. */
  readonly spelling: string;
  readonly value: Value;
  /** One or two sentences, with the numbers put in; written above the value in every artifact. */
  readonly reason: string;
  /** Key paths of the profile that led to the value, such as `traffic.connectionsPerSecond`. */
  readonly causes: readonly string[];
  /** The rule that chose it, or `override`. */
  readonly rule: string;
  /** What it costs, where that can be said. */
  readonly price?: Price;
}

/** What a value costs when what it allows is used up. */
export interface Price {
  readonly memoryBytes?: number;
  /** What is taken from the start, used or not. */
  readonly fixedMemoryBytes?: number;
  readonly ports?: number;
  readonly descriptors?: number;
}

/** A rule for packets, free of any tool's syntax. */
export interface PacketRule {
  readonly action: 'untrack' | 'untrack-error' | 'accept-open' | 'accept-opening' | 'accept-error' | 'assign-helper';
  readonly hook: 'incoming' | 'outgoing';
  /** Which end of the connection has the port: the packet's sender or its receiver. Absent: ICMP errors about anything, or what a helper reads. */
  readonly port?: 'source' | 'destination';
  readonly loopbackOnly: boolean;
  /** The one place elsewhere that the other end has to be, and never over loopback. Absent: any place, and a served port. */
  readonly peer?: Peer;
  /** What reads packets that only pass through this host. */
  readonly helper?: Helper;
  readonly reason: string;
}

/** A part of the tracker that reads connections for the further ones that they agree on. */
export interface Helper {
  /** The tracker's own name for it. */
  readonly name: 'ftp' | 'sip';
  readonly protocol: 'tcp' | 'udp';
  /** Of the server. */
  readonly port: number;
  readonly families: readonly (4 | 6)[];
  /** Interfaces to the world: what comes in there is not read. */
  readonly outside: readonly string[];
}

/** A server elsewhere that this host connects to. */
export interface Peer {
  /** In its usual spelling. */
  readonly address: string;
  readonly family: 4 | 6;
  readonly port: number;
  /** Ports of this host that connections to it start from; they stand in for the served ones. */
  readonly from: readonly PortRange[];
}

/** Everything that was decided for one profile on one host, in base units. */
export interface Plan {
  readonly name: string;
  /** Which of the machines in `hosts` it is for, by its name; absent where the profile is for one machine. */
  readonly machine?: string;
  readonly summary: string | undefined;
  readonly role: Profile['role'];
  readonly host: Host;
  readonly profile: Profile;
  readonly traffic: Traffic;
  /** Ports that the host serves, in order. */
  readonly servedPorts: readonly PortRange[];
  readonly decisions: readonly Decision[];
  readonly packetRules: readonly PacketRule[];
  /** Why rules that untrack are loaded also on a host that cannot prove them, as the profile has it; undefined: they are not. */
  readonly unproven: string | undefined;
  readonly omissions: readonly Omission[];
}

/** The plans of one profile, for each of its machines. */
export type Plans = readonly [Plan, ...Plan[]];

/** Parameters that are left alone on purpose. */
export interface Omission {
  /** What they are about. */
  readonly subject: string;
  /** By the names of their rows. */
  readonly parameters: readonly string[];
  readonly reason: string;
  /** Key paths of the profile. */
  readonly causes: readonly string[];
}
