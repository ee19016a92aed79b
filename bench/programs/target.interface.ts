/** The server that a value belongs to. */
export type TargetName = 'service' | 'http' | 'sse' | 'consumer' | 'ceiling' | 'publish' | 'peer';

/** A server under load. */
export interface Target {
  readonly name: TargetName;
  /** The URL of a stream of these topics. */
  url(topics: readonly string[]): string;
  /** CPU time so far, ms; NaN for a peer whose process is not known. */
  cpuMs(): number;
  /** Resident bytes now; NaN as above. */
  residentBytes(): number;
  /** After a collection; undefined for a peer. */
  memory(): Promise<NodeJS.MemoryUsage | undefined>;
  stop(): Promise<void>;
}

/** A scenario's requirements for a server. */
export interface TargetSettings {
  /** Settings of the service beyond the connection. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts servers, each a fresh process. */
export type StartTarget = (name: TargetName, settings?: TargetSettings) => Promise<Target>;
