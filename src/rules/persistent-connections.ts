import type { Rule } from './rule.ts';

/** A proxy keeps its connections: each that it need not open saves a port, an entry, and a socket in TIME_WAIT. */
export const persistentConnections: Rule = {
  id: 'persistent-connections',
  source: 'squid.conf.documented; docs/how-to/time-wait.md',
  propose: ({ role }) => {
    if (role.role !== 'squid-proxy') return [];
    const reason = "Squid's default, stated because all sizes here rely on it.";
    const causes = ['role'];
    return [
      { parameter: 'client_persistent_connections', value: 'on', reason, causes },
      { parameter: 'server_persistent_connections', value: 'on', reason, causes },
    ];
  },
};
