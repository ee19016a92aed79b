/** A consumer on the server, created for one reader and deleted by it. */
export interface EphemeralConsumer {
  readonly stream: string;
  readonly name: string;
  /** The subject of its pull requests. */
  readonly pullSubject: string;
  /** An alternative name of it in refusals; see `JetStreamApi.aliasOf`. */
  readonly pullAlias: string | undefined;
  /** Number of messages after which it must be recreated; see `isFilterSlow`. */
  readonly goodFor: number;
  /** Maximum number of messages per pull (`max_request_batch` on the server). */
  readonly maxBatch: number;
  /** Number of pending messages when it was created; undefined if it reads more than requested. */
  readonly pending: number | undefined;
  /**
   * Whether it no longer exists on the server. Servers before 2.10 do not respond to a pull on a deleted
   * consumer. False if this check gets no response either. Never rejects.
   */
  isLost(): Promise<boolean>;
  /** Deletes it on the server, now or as soon as the server can be reached. Never rejects. */
  remove(): Promise<void>;
}
