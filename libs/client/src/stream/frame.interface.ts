/** A complete block of an event stream with data or an ID. */
export interface Frame {
  /** The event's name; `message` if the server sends none. */
  readonly event: string;
  /** Undefined for a block without data, which only moves the position. */
  readonly data: string | undefined;
  /** Undefined if the block has no `id:` line; it may be empty. */
  readonly id: string | undefined;
}
