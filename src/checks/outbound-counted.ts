import type { Check } from './check.ts';

export const outboundCounted: Check = {
  id: 'outbound-counted',
  severity: 'warning',
  what: 'A web server with traffic figures says what it opens itself.',
  why: 'What a web server opens itself (to a proxy, a database, an API) is tracked and takes local ports, also where served connections do not. It fills a table alone: 29,457 entries of a full one came from a single web host that connected to its Squid.',
  fix: 'Name it in `traffic.outbound`, or write `outbound: []`.',
  source: 'docs/how-to/table-full.md',
  find: ({ role, profile: { traffic } }) => {
    const hasFigures = traffic?.connectionsPerSecond !== undefined || traffic?.concurrentConnections !== undefined;
    if (role !== 'web-server' || !hasFigures || traffic.outbound !== undefined) return [];
    return [
      {
        message: 'connections that this host opens itself are not counted: the profile says nothing of them',
        remedy: 'name them in `traffic.outbound`, or write `outbound: []` if there are none worth counting',
        causes: ['traffic.connectionsPerSecond', 'traffic.concurrentConnections'],
      },
    ];
  },
};
