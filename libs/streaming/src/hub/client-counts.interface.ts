/**
 * Connection counts of the other processes, for `max_connections_per_client`. Used only for hubs with that
 * limit. Both methods run during a request, so they must answer from memory.
 */
export interface ClientCounts {
  /**
   * Number of streams that a client has in other processes, as far as this process knows.
   *
   * @param client the token's subject, else the address
   */
  elsewhere(hub: string, client: string): number;
  /** The number of streams that a client has in this process changed. */
  changed(hub: string, client: string, streams: number): void;
}

/** Injection token of {@link ClientCounts}. Without a binding, each process counts for itself. */
export const CLIENT_COUNTS = Symbol('ClientCounts');
