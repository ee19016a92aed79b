import { StreamRefusal } from '../refusals/stream-refusal.js';

/** The caps of one hub; undefined = no limit. */
export interface ConnectionCaps {
  readonly maxConnections?: number;
  readonly maxConnectionsPerClient?: number;
}

/** Where else a hub's clients have streams; see `ClientCounts`. */
export interface StreamsElsewhere {
  of(client: string): number;
  /** The client's streams here are now so many. */
  changed(client: string, streams: number): void;
}

/** Counts the open connections of a hub, in all and for each client. */
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
   * Takes a place, or throws a `StreamRefusal`.
   *
   * @param client whom a cap for each client counts; asked only where there is one
   * @returns what gives the place back; safe to call twice
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
