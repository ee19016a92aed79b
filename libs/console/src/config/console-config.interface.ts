/** What the page knows about a hub: nothing that a client could not find out itself. */
export interface ConsoleHub {
  /** Including the application's global prefix. */
  readonly path: string;
  /** Whether topics may contain `*` and `>`. */
  readonly wildcards: boolean;
  /** Whether a token is required. */
  readonly needsToken: boolean;
  /** Whether clients can publish over HTTP. */
  readonly publish: boolean;
  /** Maximum number of distinct topics per request; absent = no limit. */
  readonly maxTopics?: number;
  readonly heartbeatMs: number;
  readonly eventType: 'message' | 'topic' | 'header';
  readonly eventIdFormat: 'sequence' | 'sequence_time';
  readonly payloadFormat: 'envelope' | 'raw';
}

/** What the page knows about a service. */
export interface ConsoleService {
  /** Including the application's global prefix. */
  readonly path: string;
  /** Whether a token is required. */
  readonly needsToken: boolean;
}

/** The content of the console's `config.json`. */
export interface ConsoleConfig {
  /** The console's own path. The page compares it with its URL, which a proxy may have changed. */
  readonly path: string;
  readonly hubs: readonly ConsoleHub[];
  readonly services: readonly ConsoleService[];
}
