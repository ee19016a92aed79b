/** How to reach a NATS system. Hubs with equal options share one client. */
export interface NatsOptions {
  /** `nats://`, `tls://`, `ws://`, `wss://` or `host:port`; WebSocket and other URLs cannot be mixed. */
  servers: string[];
  /** The connection's name on the server; starts with `nuts_`. */
  name?: string;
  /** Path of a `.creds` file. At most one way of authentication may be set. */
  credentialsFile?: string;
  /** A token of the server's configuration. */
  token?: string;
  /** With `password`: one way of authentication. */
  user?: string;
  password?: string;
  /** Path of a file with an NKey seed. */
  nkeySeedFile?: string;
  /**
   * The setting that provided `token`, or `user` and `password`, for error messages about a refusal.
   * Default: the usual setting for this way.
   */
  credentialsSetting?: string;
  tls?: NatsTlsOptions;
  /** Pause between attempts to reconnect, in ms. Default 2000. */
  reconnectWaitMs?: number;
  /** Attempts before giving up; -1 (default) = unlimited, 0 = no reconnect. */
  maxReconnects?: number;
  /** Interval of client pings, in ms. After two unanswered pings, the connection is stale. Default 20000. */
  pingIntervalMs?: number;
  /** JetStream domain: API subjects start with `$JS.<domain>.API`. */
  jetStreamDomain?: string;
  /** Prefix of reply subjects, for accounts that may not subscribe to `_INBOX.>`. */
  inboxPrefix?: string;
  /** Timeout of JetStream requests, in ms. Default 3000. */
  requestTimeoutMs?: number;
  /** Timeout of a connection attempt to one server, in ms. Default 5000. */
  connectTimeoutMs?: number;
}

/** Paths of PEM files. */
export interface NatsTlsOptions {
  caFile?: string;
  certFile?: string;
  keyFile?: string;
  insecureSkipVerify?: boolean;
}
