import { StreamRefusal } from '../sse/stream-refusal.js';

/** The caps of one hub; undefined = no limit. */
export interface ConnectionCaps {
  readonly maxConnections?: number;
  readonly maxConnectionsPerClient?: number;
}

/** Counts the open connections of a hub, in all and for each client. */
export class ConnectionLimits {
  private readonly clients = new Map<string, number>();
  private held = 0;

  constructor(private readonly caps: ConnectionCaps) {}

  get connections(): number {
    return this.held;
  }

  /**
   * Takes a place, or throws a `StreamRefusal`.
   *
   * @returns what gives the place back; safe to call twice
   */
  admit(client: string): () => void {
    const { maxConnections, maxConnectionsPerClient } = this.caps;
    if (maxConnections !== undefined && this.held >= maxConnections) {
      throw new StreamRefusal('max_connections');
    }
    const ofClient = this.clients.get(client) ?? 0;
    if (maxConnectionsPerClient !== undefined && ofClient >= maxConnectionsPerClient) {
      throw new StreamRefusal('max_connections_per_client');
    }
    this.held++;
    this.clients.set(client, ofClient + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.held--;
      const left = (this.clients.get(client) ?? 1) - 1;
      if (left > 0) this.clients.set(client, left);
      else this.clients.delete(client);
    };
  }
}
