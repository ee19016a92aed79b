import type { StreamFacts } from '@nuts/nats';
import type { HubHealth, UnreadyCause } from './hub-health.interface.js';
import type { HubBody, StreamInfoBody } from './probe.interface.js';

/** Whether the hub may receive traffic although NATS is down (`ProbeQuery.outage`). */
export function toleratesOutage(hub: HubHealth): boolean {
  return hub.wasReady && hub.cause !== 'draining' && hub.cause !== 'starting';
}

/** The cause in a probe of these hubs: that of the first hub that is not ready. */
export function causeOf(hubs: readonly HubHealth[]): UnreadyCause | undefined {
  if (hubs.length === 0) return 'starting';
  const unready = hubs.find((hub) => !hub.ready);
  return unready && (unready.cause ?? 'starting');
}

function isConnected(hub: HubHealth): boolean {
  return hub.nats.status === 'connected' && hub.cause !== 'nats_disconnected';
}

/** A draining hub has lost nothing: its stream still exists. */
function isAvailable(hub: HubHealth): boolean {
  return isConnected(hub) && (hub.ready || (hub.cause === 'draining' && hub.stream !== undefined));
}

function streamInfo(facts: StreamFacts): StreamInfoBody {
  return {
    name: facts.name,
    subjects: facts.subjects,
    storage: facts.storage,
    replicas: facts.replicas,
    messages: facts.messages,
    bytes: facts.bytes,
    first_seq: facts.firstSequence,
    last_seq: facts.lastSequence,
    consumers: facts.consumers,
    max_msgs: facts.maxMessages,
    max_bytes: facts.maxBytes,
    max_age_seconds: facts.maxAgeSeconds,
    max_consumers: facts.maxConsumers,
    created: facts.created,
  };
}

/** The original's keys for one hub (contract §8). */
export function hubBody(hub: HubHealth): HubBody {
  const cause = causeOf([hub]);
  return {
    status: hub.ready ? 'ok' : 'degraded',
    nats: isConnected(hub) ? 'connected' : 'disconnected',
    stream: isAvailable(hub) ? 'available' : 'unavailable',
    ...(cause && { cause }),
    ...(hub.probes.details && hub.nats.server && { nats_server: hub.nats.server }),
    ...(hub.probes.details && hub.stream && { stream_info: streamInfo(hub.stream) }),
  };
}

/**
 * The original's keys for all hubs of a probe. With one hub they are its own; with several, each key has
 * the worst value, and `hubs` lists them separately. Without any, the process is starting.
 */
export function summaryBody(
  hubs: readonly HubHealth[],
): HubBody & { hubs?: Record<string, HubBody> } {
  const [only] = hubs;
  if (only && hubs.length === 1) return hubBody(only);
  const cause = causeOf(hubs);
  const some = hubs.length > 0;
  return {
    status: cause ? 'degraded' : 'ok',
    nats: some && hubs.every(isConnected) ? 'connected' : 'disconnected',
    stream: some && hubs.every(isAvailable) ? 'available' : 'unavailable',
    ...(cause && { cause }),
    hubs: Object.fromEntries(hubs.map((hub) => [hub.name, hubBody(hub)])),
  };
}
