/** Thrown in place of a retryable refusal: the `200` answer that makes an `EventSource` come back. */
export class RetryStream extends Error {
  override readonly name = 'RetryStream';

  /**
   * @param reason the refusal's message, for the comment
   * @param delayMs the jittered `retry:`
   * @param cursor the request's own cursor as the client wrote it, repeated as the `id:`
   */
  constructor(
    readonly reason: string,
    readonly delayMs: number,
    readonly cursor: string | undefined,
  ) {
    super(reason);
  }

  /**
   * The whole body. The own cursor comes back because a client's last event id is set from a buffer
   * that starts empty on each connection (https://html.spec.whatwg.org/#dispatchMessage).
   */
  get body(): string {
    const id = this.cursor === undefined ? '' : `id: ${this.cursor}\n`;
    return `: ${this.reason.replace(/[\r\n\0]+/g, ' ')}\n${id}retry: ${this.delayMs}\n\n`;
  }
}
