import { acceptQueueHoldsBurst } from './accept-queue-holds-burst.ts';
import { acceptQueueNotTruncated } from './accept-queue-not-truncated.ts';
import { answersArriveInTime } from './answers-arrive-in-time.ts';
import { bucketsFitTable } from './buckets-fit-table.ts';
import type { Check } from './check.ts';
import { conntrackCoversFallback } from './conntrack-covers-fallback.ts';
import { conntrackCoversTraffic } from './conntrack-covers-traffic.ts';
import { conntrackFitsMemory } from './conntrack-fits-memory.ts';
import { conntrackInUse } from './conntrack-in-use.ts';
import { controlPortsStayTracked } from './control-ports-stay-tracked.ts';
import { descriptorsCoverConnections } from './descriptors-cover-connections.ts';
import { distributionIsKnown } from './distribution-is-known.ts';
import { ephemeralPortsAvoidListeners } from './ephemeral-ports-avoid-listeners.ts';
import { ephemeralPortsCoverRate } from './ephemeral-ports-cover-rate.ts';
import { establishedOutlivesApplicationIdle } from './established-outlives-application-idle.ts';
import { establishedOutlivesKeepalive } from './established-outlives-keepalive.ts';
import { fileMaxNotLowered } from './file-max-not-lowered.ts';
import { filterWithoutStates } from './filter-without-states.ts';
import { forgedSendersDropped } from './forged-senders-dropped.ts';
import { forwardingKeepsRouterAdvertisements } from './forwarding-keeps-router-advertisements.ts';
import { fullQueueKeepsClients } from './full-queue-keeps-clients.ts';
import { gatewayForwards } from './gateway-forwards.ts';
import { helpersAssignedExplicitly } from './helpers-assigned-explicitly.ts';
import { helpersReadInsideOnly } from './helpers-read-inside-only.ts';
import { interfaceSettingsCount } from './interface-settings-count.ts';
import { kernelIsKnown } from './kernel-is-known.ts';
import { keysHaveEffect } from './keys-have-effect.ts';
import { localPortsUnprivileged } from './local-ports-unprivileged.ts';
import { managementPortStaysTracked } from './management-port-stays-tracked.ts';
import { mpmFitsDistribution } from './mpm-fits-distribution.ts';
import { mpmInHttpd } from './mpm-in-httpd.ts';
import { natPortsCoverRate } from './nat-ports-cover-rate.ts';
import { natTimeoutsRespectRfc } from './nat-timeouts-respect-rfc.ts';
import { neededModulesLoaded } from './needed-modules-loaded.ts';
import { neighbourTableCoversClients } from './neighbour-table-covers-clients.ts';
import { openConnectionsPickedUp } from './open-connections-picked-up.ts';
import { orphansCoverClosing } from './orphans-cover-closing.ts';
import { outagesOutlived } from './outages-outlived.ts';
import { outboundCounted } from './outbound-counted.ts';
import { overrideHasReason } from './override-has-reason.ts';
import { overridesFitMemory } from './overrides-fit-memory.ts';
import { packetRulesLoadable } from './packet-rules-loadable.ts';
import { parameterExistsInKernel } from './parameter-exists-in-kernel.ts';
import { parameterInCatalogue } from './parameter-in-catalogue.ts';
import { parameterIsKnown } from './parameter-is-known.ts';
import { queueDrainsBeforeClientGivesUp } from './queue-drains-before-client-gives-up.ts';
import { setOnce } from './set-once.ts';
import { socketMemoryAutomatic } from './socket-memory-automatic.ts';
import { synCookiesInNeed } from './syn-cookies-in-need.ts';
import { synQueueMatchesAcceptQueue } from './syn-queue-matches-accept-queue.ts';
import { trackingNotNeeded } from './tracking-not-needed.ts';
import { twBucketsNotLowered } from './tw-buckets-not-lowered.ts';
import { twRecycleOff } from './tw-recycle-off.ts';
import { twReuseHasTimestamps } from './tw-reuse-has-timestamps.ts';
import { untrackedIsAccepted } from './untracked-is-accepted.ts';
import { untrackedNotTranslated } from './untracked-not-translated.ts';
import { untrackedPeersNamed } from './untracked-peers-named.ts';
import { untrackedPortsNamed } from './untracked-ports-named.ts';
import { untrackingCanBeProven } from './untracking-can-be-proven.ts';
import { valueHasShape } from './value-has-shape.ts';
import { valueIsUsual } from './value-is-usual.ts';
import { valueWithinKernelRange } from './value-within-kernel-range.ts';
import { valuesReachServer } from './values-reach-server.ts';
import { wordIsKnown } from './word-is-known.ts';
import { workersCoverConnections } from './workers-cover-connections.ts';
import { workersFitMemory } from './workers-fit-memory.ts';
import { workersFitServerLimit } from './workers-fit-server-limit.ts';
import { workersNotLowered } from './workers-not-lowered.ts';

/** Every check, by what it is about. */
export const CHECKS: readonly Check[] = [
  distributionIsKnown,
  kernelIsKnown,
  parameterInCatalogue,
  parameterIsKnown,
  parameterExistsInKernel,
  valueHasShape,
  wordIsKnown,
  valueWithinKernelRange,
  valueIsUsual,
  neededModulesLoaded,
  setOnce,
  interfaceSettingsCount,
  keysHaveEffect,
  overrideHasReason,
  conntrackInUse,
  trackingNotNeeded,
  filterWithoutStates,
  conntrackCoversTraffic,
  conntrackCoversFallback,
  conntrackFitsMemory,
  bucketsFitTable,
  establishedOutlivesKeepalive,
  establishedOutlivesApplicationIdle,
  openConnectionsPickedUp,
  answersArriveInTime,
  helpersAssignedExplicitly,
  helpersReadInsideOnly,
  outboundCounted,
  acceptQueueHoldsBurst,
  acceptQueueNotTruncated,
  synQueueMatchesAcceptQueue,
  queueDrainsBeforeClientGivesUp,
  valuesReachServer,
  synCookiesInNeed,
  fullQueueKeepsClients,
  outagesOutlived,
  orphansCoverClosing,
  twRecycleOff,
  twReuseHasTimestamps,
  twBucketsNotLowered,
  ephemeralPortsCoverRate,
  ephemeralPortsAvoidListeners,
  localPortsUnprivileged,
  socketMemoryAutomatic,
  overridesFitMemory,
  gatewayForwards,
  forwardingKeepsRouterAdvertisements,
  natPortsCoverRate,
  natTimeoutsRespectRfc,
  forgedSendersDropped,
  neighbourTableCoversClients,
  untrackedNotTranslated,
  untrackedPortsNamed,
  untrackedPeersNamed,
  untrackedIsAccepted,
  untrackingCanBeProven,
  packetRulesLoadable,
  managementPortStaysTracked,
  controlPortsStayTracked,
  descriptorsCoverConnections,
  fileMaxNotLowered,
  mpmInHttpd,
  mpmFitsDistribution,
  workersFitServerLimit,
  workersFitMemory,
  workersCoverConnections,
  workersNotLowered,
];
