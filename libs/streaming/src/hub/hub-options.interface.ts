import type { AccessOptions } from '@nuts/auth';
import type { NatsOptions } from '@nuts/nats';

/** How messages become frames. Hubs of equal format on one tail share the frames as well. */
export interface FrameFormat {
  readonly eventType:
    { readonly from: 'message' | 'topic' } | { readonly from: 'header'; readonly header: string };
  readonly payload: 'envelope' | 'raw';
  readonly eventId: 'sequence' | 'sequence_time';
  /** Largest frame in bytes; undefined = no limit. The raw payload is checked first. */
  readonly maxEventBytes?: number;
  readonly gapEvents: boolean;
}

/** Origins, headers and methods of cross-origin requests. */
export interface CorsOptions {
  /** Exact origins, or `*` alone for all. */
  readonly origins: readonly string[];
  readonly headers: readonly string[];
  readonly methods: readonly ('GET' | 'OPTIONS')[];
}

/** One hub, complete: every default is filled in. Times in ms, sizes in bytes. */
export interface HubOptions {
  /** Labels metrics and logs; unique. By default the path. */
  readonly name: string;
  /** Begins with a slash, has none at its end. */
  readonly path: string;
  readonly nats: NatsOptions;
  readonly stream: string;
  readonly topicPrefix: string;
  readonly allowWildcards: boolean;
  /** Undefined = no limit. */
  readonly maxTopics?: number;
  readonly access?: AccessOptions;
  readonly cors: CorsOptions;
  readonly format: FrameFormat;
  readonly heartbeatMs: number;
  /** Idle heartbeat of the tail's consumer. */
  readonly natsIdleHeartbeatMs: number;
  /** Undefined = no limit. */
  readonly maxConnections?: number;
  readonly maxConnectionsPerClient?: number;
  /** Frames on their way to one client. */
  readonly clientBufferSize: number;
  /** Undefined = off. */
  readonly writeTimeoutMs?: number;
  readonly replayMaxMessages?: number;
  readonly replayWindowMs?: number;
  /** The `retry:` of the connected event. */
  readonly sseRetryMs?: number;
  /** Mean of the jittered delay in transient answers. */
  readonly transientRetryMs: number;
  readonly hubUrl?: string;
  readonly windowMaxMessages: number;
  readonly windowMaxBytes: number;
  /** Undefined = none; ±10 % jitter. */
  readonly maxConnectionAgeMs?: number;
  readonly drainDelayMs: number;
  readonly drainWindowMs: number;
  readonly probes: {
    readonly healthPath: string;
    readonly livePath: string;
    readonly readyPath: string;
    readonly details: boolean;
  };
}
