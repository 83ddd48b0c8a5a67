import { acceptQueueNotTruncated } from './accept-queue-not-truncated.ts';
import type { Check } from './check.ts';
import { conntrackFitsMemory } from './conntrack-fits-memory.ts';
import { distributionIsKnown } from './distribution-is-known.ts';
import { establishedOutlivesKeepalive } from './established-outlives-keepalive.ts';
import { gatewayForwards } from './gateway-forwards.ts';
import { keysHaveEffect } from './keys-have-effect.ts';
import { mpmInHttpd } from './mpm-in-httpd.ts';
import { outgoingPortsRemain } from './outgoing-ports-remain.ts';
import { packetRulesLoadable } from './packet-rules-loadable.ts';
import { parameterExistsInKernel } from './parameter-exists-in-kernel.ts';
import { parameterInCatalogue } from './parameter-in-catalogue.ts';
import { parameterIsKnown } from './parameter-is-known.ts';
import { servedPortsReserved } from './served-ports-reserved.ts';
import { setOnce } from './set-once.ts';
import { twRecycleOff } from './tw-recycle-off.ts';
import { untrackedIsAccepted } from './untracked-is-accepted.ts';
import { untrackedNotTranslated } from './untracked-not-translated.ts';
import { untrackedPortsNamed } from './untracked-ports-named.ts';
import { valueHasShape } from './value-has-shape.ts';
import { valueWithinKernelRange } from './value-within-kernel-range.ts';
import { workersCoverConnections } from './workers-cover-connections.ts';
import { workersFitMemory } from './workers-fit-memory.ts';

/** Every check. */
export const CHECKS: readonly Check[] = [
  distributionIsKnown,
  parameterInCatalogue,
  parameterIsKnown,
  parameterExistsInKernel,
  valueHasShape,
  valueWithinKernelRange,
  setOnce,
  keysHaveEffect,
  conntrackFitsMemory,
  establishedOutlivesKeepalive,
  acceptQueueNotTruncated,
  mpmInHttpd,
  workersFitMemory,
  workersCoverConnections,
  twRecycleOff,
  gatewayForwards,
  untrackedNotTranslated,
  untrackedPortsNamed,
  untrackedIsAccepted,
  packetRulesLoadable,
  servedPortsReserved,
  outgoingPortsRemain,
];
