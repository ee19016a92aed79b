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
 */
export class PullBudget {
  private outstanding = 0;

  constructor(
    private readonly messages: number,
    private readonly bytes: number,
  ) {}

  /** The next pull, once half of what was asked for has come; undefined while enough is under way. */
  refill(): PullRequest | undefined {
    if (this.outstanding > this.messages / 2) return undefined;
    const batch = this.messages - this.outstanding;
    this.outstanding = this.messages;
    return { batch, maxBytes: Math.ceil((this.bytes * batch) / this.messages) };
  }

  delivered(): void {
    if (this.outstanding > 0) this.outstanding--;
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
    return { batch: 1 };
  }
}
