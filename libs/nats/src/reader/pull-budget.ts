/** One pull to send. */
export interface PullRequest {
  readonly batch: number;
  /** Undefined = one message of any size. */
  readonly maxBytes?: number;
}

/**
 * Decides when a followed consumer requests more messages, so that the flow never stops and the pending
 * amount is bounded in messages and bytes. If a server may send a thousand large messages at once, it
 * overruns its own buffer for this client and closes the connection ("slow consumer").
 *
 * A pull whose bytes are used up exactly ends without a status, and its remaining messages would be waited
 * for. With a single open pull, its bytes can be counted; with several, it is unknown which one delivered a
 * message. Therefore it requests fewer messages than the bytes allow, based on the largest recent message.
 * Pulls then end by their count, and by their bytes only if messages grow, almost always with a status.
 */
export class PullBudget {
  private outstanding = 0;
  /** The largest message since the last request, and in the time before it, in bytes. */
  private largest = 0;
  private largestBefore = 0;
  /** Remaining bytes of the only open pull; undefined if there may be others. */
  private onlyPullBytes: number | undefined;

  constructor(
    private readonly messages: number,
    private readonly bytes: number,
  ) {}

  /** The next pull, once half of the requested messages have arrived; undefined while enough are pending. */
  refill(): PullRequest | undefined {
    const most = this.most();
    if (this.outstanding > most / 2) return undefined;
    const batch = most - this.outstanding;
    const maxBytes = Math.ceil((this.bytes * batch) / most);
    this.onlyPullBytes = this.outstanding === 0 ? maxBytes : undefined;
    this.outstanding = most;
    if (this.largest > 0) this.largestBefore = this.largest;
    this.largest = 0;
    return { batch, maxBytes };
  }

  /**
   * Records a delivered message.
   *
   * @param bytes the size that the server deducts from `max_bytes`
   */
  delivered(bytes: number): void {
    if (this.outstanding > 0) this.outstanding--;
    this.largest = Math.max(this.largest, bytes);
    if (this.onlyPullBytes === undefined) return;
    this.onlyPullBytes -= bytes;
    if (this.onlyPullBytes === 0) this.outstanding = 0;
  }

  /**
   * Records the end of a pull. A message larger than a whole pull ends it unused: it is requested alone,
   * without a byte limit.
   */
  ended(
    unfilled: number,
    pull: PullRequest | undefined,
    unusedBytes: number,
  ): PullRequest | undefined {
    this.outstanding = Math.max(0, this.outstanding - unfilled);
    if (pull?.maxBytes === undefined || unusedBytes < pull.maxBytes) return undefined;
    this.outstanding++;
    this.onlyPullBytes = undefined;
    return { batch: 1 };
  }

  /** Maximum number of pending messages. */
  private most(): number {
    const largest = Math.max(this.largest, this.largestBefore, 1);
    return Math.min(this.messages, Math.max(1, Math.floor((this.bytes - 1) / largest)));
  }
}
