/** One pull to send. */
export interface PullRequest {
  readonly batch: number;
  /** Undefined = one message of whatever size. */
  readonly maxBytes?: number;
}

/**
 * Decides when a followed consumer asks for more, so that the flow never stops and what is under
 * way stays bounded, in messages and in bytes: a server that may send a thousand large messages at
 * once overruns its own buffer for us and cuts the connection ("slow consumer").
 *
 * A pull that is used up to its last byte ends without a word, and what it still owes would be waited
 * for. Of one pull alone the bytes can be counted; of several nobody knows which one a message came
 * from. So it asks for fewer messages than the bytes would do for, going by the largest of late:
 * pulls end by their count, and by their bytes only where messages grow, nearly always with a status.
 */
export class PullBudget {
  private outstanding = 0;
  /** The largest message since the last pull was asked for, and of the time before that, in bytes. */
  private largest = 0;
  private largestBefore = 0;
  /** What is left of the only open pull, in bytes; undefined when there may be others. */
  private onlyPullBytes: number | undefined;

  constructor(
    private readonly messages: number,
    private readonly bytes: number,
  ) {}

  /** The next pull, once half of what was asked for has come; undefined while enough is under way. */
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
   * Takes a message.
   *
   * @param bytes what the server takes off `max_bytes` for it
   */
  delivered(bytes: number): void {
    if (this.outstanding > 0) this.outstanding--;
    this.largest = Math.max(this.largest, bytes);
    if (this.onlyPullBytes === undefined) return;
    this.onlyPullBytes -= bytes;
    if (this.onlyPullBytes === 0) this.outstanding = 0;
  }

  /**
   * Takes the end of a pull. A message that is larger than a whole pull ends it unused: it is asked
   * for alone, without a bound.
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

  /** Messages that may be under way. */
  private most(): number {
    const largest = Math.max(this.largest, this.largestBefore, 1);
    return Math.min(this.messages, Math.max(1, Math.floor((this.bytes - 1) / largest)));
  }
}
