/**
 * What other processes hold of a client, for `max_connections_per_client`. Asked and told only for hubs
 * with that cap, in the middle of a request: answers come from memory.
 */
export interface ClientCounts {
  /**
   * Streams of a client in other processes, as far as they are known here.
   *
   * @param client as the hub counts it: a token's subject, else an address
   */
  elsewhere(hub: string, client: string): number;
  /** A client's streams in this process are now so many. */
  changed(hub: string, client: string, streams: number): void;
}

/** Token of the {@link ClientCounts}; without one each process counts for itself. */
export const CLIENT_COUNTS = Symbol('ClientCounts');
