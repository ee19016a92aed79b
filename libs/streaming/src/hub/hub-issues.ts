import type { HubOptions } from './hub-options.interface.js';
import { bucketSource } from './kv-bucket.js';

const PATH = /^(\/|(\/[A-Za-z0-9._~-]+)+)$/;
const BUCKET = /^[A-Za-z0-9_-]{1,252}$/;
const PREFIX = /^(?!\.)(?!.*\.\.)[A-Za-z0-9._-]{0,256}$/;
/** Half of a pull request's expiry: the NATS client rejects a longer interval. */
const IDLE_HEARTBEAT_LIMIT_MS = 15_000;
/**
 * Characters allowed inside `<…>` of a Link header: ASCII without white space, controls, quotes and angle
 * brackets.
 */
const LINK_SAFE = /^[!#-;=?-[\]_a-z~]+$/;

type Numbers = Readonly<Record<string, number | undefined>>;

/**
 * Finds options that would fail silently at run time, such as an unreachable path, two hubs with the same
 * path or name, or an invalid header value. Returns one sentence per error. The service validates its
 * settings earlier, with their own definitions; these checks are for hubs declared in code or loaded from a
 * database.
 */
export function hubIssues(hubs: readonly HubOptions[]): string[] {
  return [...hubs.flatMap(ownIssues), ...duplicateHubs(hubs)];
}

/** Hubs with the same path or name: all requests would go to the first, and their metrics would be mixed. */
export function duplicateHubs(hubs: readonly HubOptions[]): string[] {
  return [...doubled(hubs, 'name'), ...doubled(hubs, 'path')];
}

function ownIssues(hub: HubOptions): string[] {
  const { path, hubUrl, nats } = hub;
  const wrong: [boolean, string][] = [
    [
      !PATH.test(path),
      'path must begin with a slash and have none at its end; A-Z a-z 0-9 . _ ~ -',
    ],
    [nats.servers.length === 0, 'nats.servers is empty'],
    [
      hubUrl !== undefined && !LINK_SAFE.test(hubUrl),
      `hubUrl ${JSON.stringify(hubUrl)} cannot stand in a Link header`,
    ],
  ];
  const texts = wrong.flatMap(([isWrong, text]) => (isWrong ? [text] : []));
  return [...texts, ...sourceIssues(hub), ...numberIssues(hub)].map((text) => `${path}: ${text}`);
}

function sourceIssues({ stream, topicPrefix, kvBucket }: HubOptions): string[] {
  if (kvBucket === undefined) {
    return [
      ...(stream === '' ? ['stream is empty; set stream or kvBucket'] : []),
      ...(PREFIX.test(topicPrefix)
        ? []
        : [`topicPrefix ${JSON.stringify(topicPrefix)} is not a valid start of a subject`]),
    ];
  }
  if (!BUCKET.test(kvBucket)) {
    return [`kvBucket ${JSON.stringify(kvBucket)} names no bucket; A-Z a-z 0-9 _ -`];
  }
  const source = bucketSource(kvBucket);
  if (stream === source.stream && topicPrefix === source.topicPrefix) return [];
  return ['kvBucket excludes stream and topicPrefix: leave them out'];
}

/**
 * Rejects NULL columns, and zeros that mean "none" in the service's settings. They would cause heartbeats
 * without a pause, or a hub that admits no client.
 */
function numberIssues(hub: HubOptions): string[] {
  const needed: Numbers = {
    heartbeatMs: hub.heartbeatMs,
    natsIdleHeartbeatMs: hub.natsIdleHeartbeatMs,
    clientBufferSize: hub.clientBufferSize,
    transientRetryMs: hub.transientRetryMs,
    windowMaxMessages: hub.windowMaxMessages,
    windowMaxBytes: hub.windowMaxBytes,
  };
  const optional: Numbers = {
    maxTopics: hub.maxTopics,
    maxConnections: hub.maxConnections,
    maxConnectionsPerClient: hub.maxConnectionsPerClient,
    writeTimeoutMs: hub.writeTimeoutMs,
    replayMaxMessages: hub.replayMaxMessages,
    replayWindowMs: hub.replayWindowMs,
    sseRetryMs: hub.sseRetryMs,
    maxConnectionAgeMs: hub.maxConnectionAgeMs,
    'format.maxEventBytes': hub.format.maxEventBytes,
  };
  const zeroable: Numbers = {
    drainDelayMs: hub.drainDelayMs,
    drainWindowMs: hub.drainWindowMs,
    lastValuesMaxMessages: hub.lastValuesMaxMessages,
    lastValuesMaxBytes: hub.lastValuesMaxBytes,
  };
  const isPositive = (value: number | undefined): boolean => value !== undefined && value > 0;
  return [
    ...outside(needed, isPositive, 'more than 0'),
    ...outside(optional, (v) => v === undefined || isPositive(v), 'more than 0, or undefined'),
    ...outside(zeroable, (v) => v !== undefined && v >= 0, '0 or more'),
    ...outside(
      { natsIdleHeartbeatMs: hub.natsIdleHeartbeatMs },
      (v) => !(v !== undefined && v >= IDLE_HEARTBEAT_LIMIT_MS),
      `below ${IDLE_HEARTBEAT_LIMIT_MS}`,
    ),
  ];
}

function outside(
  values: Numbers,
  isAllowed: (value: number | undefined) => boolean,
  allowed: string,
): string[] {
  return Object.entries(values).flatMap(([name, value]) =>
    isAllowed(value) ? [] : [`${name} is ${String(value)}; allowed: ${allowed}`],
  );
}

function doubled(hubs: readonly HubOptions[], field: 'name' | 'path'): string[] {
  const values = hubs.map((hub) => hub[field]);
  const repeated = new Set(values.filter((value, index) => values.indexOf(value) !== index));
  return [...repeated].map((value) => `${value}: two hubs have this ${field}`);
}
