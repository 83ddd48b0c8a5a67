/** What a host carries at its peak, in base units. Empty: the profile gives no figures. */
export interface Traffic {
  readonly flows: readonly Flow[];
  /** Hosts on the networks that this one is directly connected to. */
  readonly neighbours: number;
  /** Packets per second that one processor receives through RPS or a virtual device. */
  readonly packetsPerSecond: number;
}

/** Connections that are opened by the same side and meet the same fate. */
export interface Flow {
  readonly direction: 'inbound' | 'outbound' | 'forwarded';
  readonly protocol: 'tcp' | 'udp';
  /** New ones per second. */
  readonly perSecond: number;
  /** Open at once. */
  readonly open: number;
  /** The part of them that goes to the most visited address and port: 0 to 1. */
  readonly busiestShare: number;
  readonly isTracked: boolean;
  /** The address and port that all of them go to; undefined for many. */
  readonly destination?: string;
  /** What is counted, as it stands behind a number: `connections/s to 192.0.2.107:3128`. */
  readonly unit: string;
  /** The key paths of the figures, and of what makes it count beside them: a role, a single place that it goes to. */
  readonly causes: FlowCauses;
}

export interface FlowCauses {
  readonly perSecond: string;
  readonly open: string;
  /** Of the part that goes to the most visited place, where there are many. */
  readonly share?: string;
  /** Of the one place that all of them go to. */
  readonly place?: string;
  /** What has such a flow at all. */
  readonly role?: 'role';
}
