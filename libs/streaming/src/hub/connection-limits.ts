import { StreamRefusal } from '../refusals/stream-refusal.js';

/** The connection limits of one hub; undefined = no limit. */
export interface ConnectionCaps {
  readonly maxConnections?: number;
  readonly maxConnectionsPerClient?: number;
}

/** A client's streams in other processes; see `ClientCounts`. */
export interface StreamsElsewhere {
  of(client: string): number;
  /** The number of streams that the client has in this process changed. */
  changed(client: string, streams: number): void;
}

/** Counts the open connections of a hub, in total and per client. */
export class ConnectionLimits {
  private readonly clients = new Map<string, number>();
  private held = 0;

  constructor(
    private readonly caps: ConnectionCaps,
    private readonly elsewhere?: StreamsElsewhere,
  ) {}

  get connections(): number {
    return this.held;
  }

  /**
   * Claims a connection slot, or throws a `StreamRefusal`.
   *
   * @param client returns the key for the limit per client; called only if that limit is set
   * @returns a function that releases the slot; calling it twice is safe
   */
  admit(client: () => string): () => void {
    const { maxConnections, maxConnectionsPerClient } = this.caps;
    if (maxConnections !== undefined && this.held >= maxConnections) {
      throw new StreamRefusal('max_connections');
    }
    const key = maxConnectionsPerClient === undefined ? undefined : client();
    if (key !== undefined) {
      const ofClient = this.clients.get(key) ?? 0;
      const inAll = ofClient + (this.elsewhere?.of(key) ?? 0);
      if (inAll >= (maxConnectionsPerClient ?? Infinity)) {
        throw new StreamRefusal('max_connections_per_client');
      }
      this.clients.set(key, ofClient + 1);
      this.elsewhere?.changed(key, ofClient + 1);
    }
    this.held++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.held--;
      if (key === undefined) return;
      const left = (this.clients.get(key) ?? 1) - 1;
      if (left > 0) this.clients.set(key, left);
      else this.clients.delete(key);
      this.elsewhere?.changed(key, left);
    };
  }
}
