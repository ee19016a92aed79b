/** A whole block of an event stream that has data, or an id. */
export interface Frame {
  /** The event's name; `message` where the server sends none. */
  readonly event: string;
  /** Undefined for a block without data, which only moves the position. */
  readonly data: string | undefined;
  /** Undefined where the block has no `id:` line; it may be empty. */
  readonly id: string | undefined;
}
