import { commentFrame } from '../frames/control-frames.js';

/** Thrown in place of a transient error: the `200` answer that makes an `EventSource` come back. */
export class RetryStream extends Error {
  override readonly name = 'RetryStream';

  /**
   * @param reason the refusal's message, for the comment
   * @param delayMs the jittered `retry:`
   * @param cursor the request's own cursor as the client wrote it, repeated as the `id:`: a client's
   * last event id is set from a buffer that starts empty on each connection
   */
  constructor(
    readonly reason: string,
    readonly delayMs: number,
    readonly cursor: string | undefined,
  ) {
    super(reason);
  }

  /** The whole body. */
  get body(): Buffer {
    return commentFrame({ comment: this.reason, id: this.cursor, retryMs: this.delayMs });
  }
}
