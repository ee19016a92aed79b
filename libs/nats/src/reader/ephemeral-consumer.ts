/** A consumer on the server, made for one reader and deleted by it. */
export interface EphemeralConsumer {
  readonly stream: string;
  readonly name: string;
  /** Where pulls are published to. */
  readonly pullSubject: string;
  /** The same as a refusal may name it; see `JetStreamApi.aliasOf`. */
  readonly pullAlias: string | undefined;
  /** Messages after which it should be made anew; see `isFilterDear`. */
  readonly goodFor: number;
  /** The most messages that the server lets one pull ask for (its own `max_request_batch`). */
  readonly maxBatch: number;
  /** Messages that waited when it was made; undefined where it reads more than was asked for. */
  readonly pending: number | undefined;
  /**
   * Whether the server has it no more. Servers before 2.10 do not answer a pull on a consumer that
   * is gone. False when nobody answers this either. Never rejects.
   */
  isLost(): Promise<boolean>;
  /** Deletes it on the server, now or as soon as the server can be reached. Never rejects. */
  remove(): Promise<void>;
}
