/** When a change takes effect, for what is new and for connections that exist already. */
export const EFFECTS = {
  'at-once': { when: 'at once', existing: 'too' },
  'next-packet': { when: 'with the next packet of a connection', existing: 'keep their timer until their next packet' },
  'next-timer': { when: 'when a timer of the connection fires next', existing: 'too' },
  'new-entries': { when: 'for entries that are made from now on', existing: 'keep what they have' },
  'new-connections': { when: 'for connections opened from now on', existing: 'keep what they have' },
  'new-sockets': { when: 'for sockets opened from now on', existing: 'keep what they have' },
  'closing-connections': { when: 'for connections that close from now on', existing: 'when they close' },
  listen: { when: 'when a server calls listen(), so at its next start', existing: 'are not touched' },
  'module-load': { when: 'when the module is loaded', existing: 'are not touched' },
  'server-start': { when: 'when the server is stopped and started', existing: 'end with the stop' },
  'new-devices': { when: 'for network devices set up from now on', existing: 'are not touched' },
  'new-namespaces': { when: 'for network namespaces made from now on', existing: 'are not touched' },
  'new-segments': { when: 'for segments and queues made from now on', existing: 'are not touched' },
  'new-limits': { when: 'for limits set from now on', existing: 'are not touched' },
  never: { when: 'never: it can only be read', existing: 'are not touched' },
} as const satisfies Record<string, { when: string; existing: string }>;

export type Effect = keyof typeof EFFECTS;
