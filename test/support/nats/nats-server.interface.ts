/** The options of a test's nats-server. */
export interface NatsServerOptions {
  /** Default: a unique name. */
  readonly name?: string;
  /** JetStream domain. */
  readonly domain?: string;
  /** False starts a server without JetStream. Default true. */
  readonly jetStream?: boolean;
  /** Opens the monitoring port. Default false. */
  readonly monitor?: boolean;
  /** Files by name, stored in the folder of the configuration: certificates, keys, JWTs. */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * More configuration: accounts, authorization, TLS, … The function gets the folder that holds
   * `files`, as the server sees it, and the address that further listeners have to bind.
   */
  readonly config?: string | ((directory: string, host: string) => string);
  /** Ports of other listeners (WebSocket), which a container has to publish. */
  readonly ports?: readonly number[];
  /** Membership of a cluster; {@link startNatsCluster} fills this in. */
  readonly cluster?: ClusterMembership;
}

/** A server's membership in a cluster. */
export interface ClusterMembership {
  readonly name: string;
  /** Route port of this server. */
  readonly port: number;
  /** Route ports of all its members. */
  readonly members: readonly number[];
  /** It does not advertise its addresses: members and clients only know the configured ones. */
  readonly hidden?: boolean;
}

/** A real nats-server of one test file. It is stopped at the end of the file or of the process. */
export interface NatsServer {
  readonly name: string;
  /** `nats://127.0.0.1:port`, without credentials. The same after a restart. */
  readonly url: string;
  readonly port: number;
  /** As the server reports it: `2.15.2`. */
  readonly version: string;
  /** `http://127.0.0.1:port` of the monitoring endpoints, if `monitor` is set. */
  readonly monitor: string | undefined;
  /** The server's log, including all restarts. */
  readonly log: string;
  /** SIGKILL, as in a crash. The store is kept. */
  kill(): Promise<void>;
  /** A graceful shutdown. The store is kept. */
  shutdown(): Promise<void>;
  /** Restarts on the same port with the same store; a running process is killed first. */
  restart(): Promise<void>;
  /** The process stops responding, while its connections stay open. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Starts lame duck mode: the server accepts no new connections and closes existing ones. */
  lameDuck(): Promise<void>;
  /** Reloads the configuration, with this text instead of `config`. */
  reload(config: string): Promise<void>;
  /** Stops the server and removes its store. Can be called twice. */
  stop(): Promise<void>;
}
