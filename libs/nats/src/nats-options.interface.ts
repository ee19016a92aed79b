/** How one NATS system is reached. Two hubs with equal options share one client. */
export interface NatsOptions {
  /** `nats://`, `tls://`, `ws://`, `wss://` or `host:port`; all of one transport family. */
  servers: string[];
  /** The connection's name on the server; it starts with `nuts_`. */
  name?: string;
  /** Path of a `.creds` file. At most one way of authentication may be set. */
  credentialsFile?: string;
  /** A token of the server's configuration. */
  token?: string;
  /** With `password`: one way of authentication. */
  user?: string;
  password?: string;
  /** Path of a file that holds an NKey seed. */
  nkeySeedFile?: string;
  /**
   * The setting that `token`, or `user` and `password`, came from, for the sentence about a refusal;
   * without it, the setting of that way.
   */
  credentialsSetting?: string;
  tls?: NatsTlsOptions;
  /** Pause between two attempts to reconnect, in ms. Default 2000. */
  reconnectWaitMs?: number;
  /** Attempts before giving up; -1 (default) never gives up, 0 never reconnects. */
  maxReconnects?: number;
  /** Client pings, in ms. Two unanswered pings: the connection is stale. Default 20000. */
  pingIntervalMs?: number;
  /** JetStream domain: API subjects begin with `$JS.<domain>.API`. */
  jetStreamDomain?: string;
  /** Prefix of reply subjects, for accounts that may not subscribe to `_INBOX.>`. */
  inboxPrefix?: string;
  /** Longest wait for an answer of JetStream, in ms. Default 3000. */
  requestTimeoutMs?: number;
  /** Longest wait for one server to accept a connection, in ms. Default 5000. */
  connectTimeoutMs?: number;
}

/** Paths of PEM files. */
export interface NatsTlsOptions {
  caFile?: string;
  certFile?: string;
  keyFile?: string;
  insecureSkipVerify?: boolean;
}
