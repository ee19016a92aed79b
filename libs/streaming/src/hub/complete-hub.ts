import type { HubOptions, PublishRules } from './hub-options.interface.js';
import { defaultCors } from './default-cors.js';
import { bucketSource } from './kv-bucket.js';

/** The required options; exactly one of `stream` and `kvBucket`. */
type RequiredSettings = Pick<HubOptions, 'path' | 'nats'> &
  (Pick<HubOptions, 'stream'> | Required<Pick<HubOptions, 'kvBucket'>>);

/** A hub as an application declares it. Omitted fields get the defaults documented in `HubOptions`. */
export type HubDeclaration = RequiredSettings &
  Partial<Omit<HubOptions, 'path' | 'nats' | 'cors' | 'format' | 'probes' | 'publish'>> & {
    readonly publish?: Partial<PublishRules>;
    readonly cors?: Partial<HubOptions['cors']>;
    readonly format?: Partial<HubOptions['format']>;
    readonly probes?: Partial<HubOptions['probes']>;
  };

/**
 * Adds the defaults documented in {@link HubOptions}. Times are in ms, sizes in bytes. A field set to
 * undefined stays undefined, which means no limit, or off, where the type allows it.
 */
export function completeHub({ publish, ...hub }: HubDeclaration): HubOptions {
  const rules = publish && {
    publish: { anonymous: false, maxBytes: 1_048_576, headers: [], ...publish },
  };
  const { kvBucket } = hub;
  return {
    name: hub.path,
    stream: '',
    topicPrefix: '',
    ...(kvBucket !== undefined && { ...bucketSource(kvBucket), defaultStart: { from: 'last' } }),
    allowWildcards: false,
    maxTopics: 32,
    heartbeatMs: 30_000,
    natsIdleHeartbeatMs: 10_000,
    presence: false,
    lifecycle: false,
    clientBufferSize: 64,
    writeTimeoutMs: 30_000,
    transientRetryMs: 5_000,
    windowMaxMessages: 8192,
    windowMaxBytes: 64 * 1024 * 1024,
    lastValuesMaxMessages: 10_000,
    lastValuesMaxBytes: 16 * 1024 * 1024,
    compression: 'off',
    drainDelayMs: 0,
    drainWindowMs: 5_000,
    ...hub,
    ...rules,
    cors: { ...defaultCors({ ...hub, ...rules }), ...hub.cors },
    format: {
      eventType: { from: 'message' },
      payload: 'envelope',
      eventId: 'sequence',
      maxEventBytes: 1_048_576,
      gapEvents: true,
      ...(kvBucket !== undefined && { keyOperations: true }),
      ...hub.format,
    },
    probes: {
      healthPath: '/healthz',
      livePath: '/livez',
      readyPath: '/readyz',
      details: false,
      ...hub.probes,
    },
  };
}
