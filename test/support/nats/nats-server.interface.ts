/** What a nats-server of a test is started with. */
export interface NatsServerOptions {
  /** Default: a name of its own. */
  readonly name?: string;
  /** JetStream domain. */
  readonly domain?: string;
  /** False starts a server without JetStream. Default true. */
  readonly jetStream?: boolean;
  /** Opens the monitoring port. Default false. */
  readonly monitor?: boolean;
  /** Files by name, put beside the configuration: certificates, keys, JWTs. */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * More configuration: accounts, authorization, TLS, … The function gets the folder that holds
   * `files`, as the server sees it, and the address that further listeners have to bind.
   */
  readonly config?: string | ((directory: string, host: string) => string);
  /** Ports of further listeners (WebSocket), which a container has to publish. */
  readonly ports?: readonly number[];
  /** Membership of a cluster; {@link startNatsCluster} fills this in. */
  readonly cluster?: ClusterMembership;
}

/** A server's place in a cluster. */
export interface ClusterMembership {
  readonly name: string;
  /** Route port of this server. */
  readonly port: number;
  /** Route ports of all its members. */
  readonly members: readonly number[];
  /** It tells nobody its addresses: members and clients know only those that they were given. */
  readonly hidden?: boolean;
}

/** A real nats-server of one test file. It ends by itself with the file, or with the process. */
export interface NatsServer {
  readonly name: string;
  /** `nats://127.0.0.1:port`, without credentials. The same after a restart. */
  readonly url: string;
  readonly port: number;
  /** As the server reports it: `2.15.2`. */
  readonly version: string;
  /** `http://127.0.0.1:port` of the monitoring endpoints, when `monitor` was asked for. */
  readonly monitor: string | undefined;
  /** What the server has logged, over all its lives. */
  readonly log: string;
  /** SIGKILL: as in a crash. The store stays. */
  kill(): Promise<void>;
  /** A clean end. The store stays. */
  shutdown(): Promise<void>;
  /** Starts again on the same port with the same store, after ending what still runs by SIGKILL. */
  restart(): Promise<void>;
  /** The process stops answering, and its connections stay open. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Starts lame duck mode: the server takes no connections any more, and ends those that it has. */
  lameDuck(): Promise<void>;
  /** Reads the configuration anew, with this text in the place of `config`. */
  reload(config: string): Promise<void>;
  /** Ends the server and removes its store. Safe to call twice. */
  stop(): Promise<void>;
}
