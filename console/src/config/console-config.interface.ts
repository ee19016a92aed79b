/** A hub, as `config.json` describes it. */
export interface ConsoleHub {
  readonly path: string;
  readonly wildcards: boolean;
  readonly needsToken: boolean;
  readonly publish: boolean;
  readonly maxTopics?: number;
  readonly heartbeatMs: number;
  readonly eventType: 'message' | 'topic' | 'header';
  readonly eventIdFormat: 'sequence' | 'sequence_time';
  readonly payloadFormat: 'envelope' | 'raw';
}

/** A service, as `config.json` describes it. */
export interface ConsoleService {
  readonly path: string;
  readonly needsToken: boolean;
}

/** The page's configuration. URLs are absolute. */
export interface ConsoleConfig {
  readonly hubs: readonly ConsoleHub[];
  readonly services: readonly ConsoleService[];
  /** The URL of a hub's or service's path. */
  readonly address: (path: string) => string;
}
