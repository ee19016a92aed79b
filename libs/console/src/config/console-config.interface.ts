/** What the page knows of a hub: nothing that a client could not find out by using it. */
export interface ConsoleHub {
  /** With the application's global prefix. */
  readonly path: string;
  /** Whether topics may hold `*` and `>`. */
  readonly wildcards: boolean;
  /** Whether a token is checked. */
  readonly needsToken: boolean;
  /** Whether messages are taken over HTTP. */
  readonly publish: boolean;
  /** Distinct topics of one request; missing where there is no limit. */
  readonly maxTopics?: number;
  readonly heartbeatMs: number;
  readonly eventType: 'message' | 'topic' | 'header';
  readonly eventIdFormat: 'sequence' | 'sequence_time';
  readonly payloadFormat: 'envelope' | 'raw';
}

/** What the page knows of a service. */
export interface ConsoleService {
  /** With the application's global prefix. */
  readonly path: string;
  /** Whether a token is checked. */
  readonly needsToken: boolean;
}

/** `config.json` of the console. */
export interface ConsoleConfig {
  /** The console's own path: the page compares it with its address, which a proxy may have put elsewhere. */
  readonly path: string;
  readonly hubs: readonly ConsoleHub[];
  readonly services: readonly ConsoleService[];
}
